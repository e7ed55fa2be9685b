import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'ping-pong-events',
  services: ['ping-service', 'pong-service'],
  check: (lines) => expect(lines).toEqual(['ping', 'pong', 'ping', 'pong']),
};
