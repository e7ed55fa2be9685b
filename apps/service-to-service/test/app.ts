import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'service-to-service',
  services: ['service-two', 'service-one'],
  check: (lines) =>
    expect(lines).toEqual([
      'Received Response from Service 2: Acknowledging service one text -> Kicking off the example!',
      'Received Second Response from Service 2: Acknowledging service one text -> Final Verification',
    ]),
};
