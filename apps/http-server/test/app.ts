import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';

export const app: App = {
  name: 'http-server',
  services: ['service'],
  serviceEnv: { PORT: '0' },
  clientEnv: ([ready = '']) => ({ SERVER_URL: /http:\S+(?=;)/.exec(ready)?.[0] ?? '' }),
  check: (lines) =>
    expect(lines).toEqual([
      'Origin from INTERSECT',
      'Origin from FastAPI - HTTP response',
      'Origin from FastAPI - INTERSECT',
    ]),
};
