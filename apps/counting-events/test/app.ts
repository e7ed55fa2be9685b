import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'counting-events',
  services: ['service'],
  // The client sees the numbers from whenever it began to listen.
  check: (lines) => {
    const first = Number(lines[0]);
    expect(first % 3).toBe(0);
    expect(lines.map(Number)).toEqual([first, first * 3, first * 9]);
  },
};
