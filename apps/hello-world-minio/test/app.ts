import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'hello-world-minio',
  services: ['service'],
  check: (lines) => expect(lines).toEqual(['Hello, hello_client!']),
};
