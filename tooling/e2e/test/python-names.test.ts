import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { pythonNames } from './support/python-names.js';

const script = fileURLToPath(new URL('../python/public_names.py', import.meta.url));

describeWithBroker('python', ({ interpreter }) => {
  // "Coming from Python" is compared with the recorded names, also where there is no Python.
  test('the recorded names are those of the installed Python SDK', async () => {
    const { stdout } = await promisify(execFile)(interpreter, [script]);
    expect(pythonNames).toEqual(JSON.parse(stdout));
  });
});
