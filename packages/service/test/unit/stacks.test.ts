import { expect, test } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { startPrograms } from './support/programs.js';

const Relay = defineCapability({
  name: 'Relay',
  operations: { pass: { request: Type.String(), response: Type.String() } },
});

test('an error that ends a call says in its stack where the handler, or the program, waits', async () => {
  const relay = Relay.implement({
    pass: async function theHandlersOwnFunction(destination, { call }) {
      const { payload } = await call({ destination, operation: 'Relay.pass', payload: '' });
      return String(payload);
    },
  });
  await using programs = await startPrograms([relay]);
  const { service, reports } = programs;
  async function theProgramsOwnFunction(): Promise<unknown> {
    const payload = 'org.fac.sys.-.nobody';
    return await service.call({ destination: service.address, operation: 'Relay.pass', payload });
  }
  const error = (await theProgramsOwnFunction().catch((thrown) => thrown)) as Error;
  expect(error).toMatchObject({ code: 'REMOTE_ERROR' });
  expect(error.stack).toContain('theProgramsOwnFunction');
  expect(reports).toMatchObject([{ kind: 'request-refused', error: { code: 'UNROUTABLE' } }]);
  expect(reports[0]?.error?.stack).toContain('theHandlersOwnFunction');
});
