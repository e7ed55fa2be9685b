import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

const source = 'counting-organization.counting-facility.counting-system.counting-subsystem.counting-service';
const steps = [
  ['start_count', 1],
  ['stop_count', 6],
  ['start_count', 7],
  ['reset_count', 10],
  ['reset_count', 6],
  ['start_count', 1],
  ['stop_count', 4],
] as const;
/** Both programs wait by their own clocks, so a count may be off by this much. */
const TOLERANCE = 3;

export const app: App = {
  name: 'counting',
  services: ['service'],
  check: (lines) => {
    // Four lines a step, the last of them empty.
    expect(lines).toHaveLength(steps.length * 4);
    steps.forEach(([operation, count], index) => {
      const [from, what, payload, empty] = lines.slice(index * 4);
      expect(from).toBe(`Source: "${source}"`);
      expect(what).toBe(`Operation: "CountingExample.${operation}"`);
      expect(empty).toBe('');
      const answer = JSON.parse((payload ?? '').replace('Payload: ', '')) as {
        count?: number;
        state?: { count: number };
      };
      expect(Math.abs((answer.state?.count ?? answer.count ?? Number.NaN) - count)).toBeLessThanOrEqual(
        TOLERANCE,
      );
    });
    expect(lines[2]).toMatch(/^Payload: \{"state": \{"count": \d+, "counting": true\}, "success": true\}$/);
  },
};
