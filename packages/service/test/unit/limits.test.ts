import { expect, it } from 'vitest';
import { startPrograms } from './support/programs.js';
import { work } from './support/work.js';

it('maxPayloadBytes: a larger request is answered with an error, a larger answer ends its call', async () => {
  await using programs = await startPrograms([work().capability], { maxPayloadBytes: 20 });
  const { asker, service, reports } = programs;
  expect((await asker.ask('Work.quick', { payload: 5 })).value).toBe(5);
  const refused = await asker.ask('Work.quick', { body: new TextEncoder().encode('5'.padStart(21)) });
  expect(refused).toMatchObject({ hasError: true, value: expect.stringContaining('20 bytes') });
  const params = { destination: service.address, operation: 'Work.large' };
  expect((await service.call({ ...params, payload: 20 })).payload).toHaveLength(20);
  await expect(service.call({ ...params, payload: 21 })).rejects.toMatchObject({ code: 'PAYLOAD_INVALID' });
  expect(reports).toMatchObject([
    { kind: 'request-refused', reason: 'payload-too-large' },
    { kind: 'message-refused', error: { code: 'PAYLOAD_INVALID' } },
  ]);
});

it('maxPendingRequests: one call more than may wait rejects with PENDING_FULL', async () => {
  const { capability, state } = work();
  await using programs = await startPrograms([capability], { maxPendingRequests: 1 });
  const { service } = programs;
  const params = { destination: service.address, operation: 'Work.wait' };
  const first = service.call(params);
  await expect(service.call(params)).rejects.toMatchObject({ code: 'PENDING_FULL', retryable: true });
  state.release.open();
  expect((await first).payload).toBe('done');
});
