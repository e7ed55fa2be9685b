import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'long-scan',
  services: ['service'],
  check: (lines) =>
    expect(lines).toEqual([
      '25 %: step 1 of 4',
      '50 %: step 2 of 4',
      '75 %: step 3 of 4',
      '100 %: step 4 of 4',
      'aligned',
      '0 degrees: 1000 counts',
      '0.5 degrees: 1007 counts',
      '1 degrees: 1014 counts',
      '1.5 degrees: 1021 counts',
      '2 degrees: 1028 counts',
      'seen enough at 3 degrees; the motor turns',
      'the motor rests',
    ]),
};
