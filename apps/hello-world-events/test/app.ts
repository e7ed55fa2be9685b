import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'hello-world-events',
  services: ['service'],
  check: (lines) => expect(lines).toEqual(['hello_client requested a salutation!', 'Hello, hello_client!']),
};
