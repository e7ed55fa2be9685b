import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

const internal = 'example-organization.example-facility.example-system.example-subsystem.internal-service';
const line = `From event "internal_service_event", received message "not_feeling_creative" from "${internal}"`;

export const app: App = {
  name: 'service-to-service-events',
  services: ['exposed-service', 'internal-service'],
  check: (lines) => expect(lines).toEqual([line, line]),
};
