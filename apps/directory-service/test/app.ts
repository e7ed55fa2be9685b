import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'directory-service',
  services: ['service'],
  check: (lines) =>
    expect(lines).toEqual([
      'The directory is up.',
      'It lists directory-organization.directory-facility.directory-system.-.directory-service.',
      'It can do: intersect_sdk, Directory.',
    ]),
};
