import { describe, expect, it } from 'vitest';
import { defineCapability, Type } from '../../src/index.js';
import { processorOf } from './support/processor.js';

const Sample = Type.Object({
  size: Type.Integer({ default: 3 }),
  when: Type.String({ format: 'date-time' }),
});
const request = Sample;
const Probe = defineCapability({
  name: 'Probe',
  operations: {
    lenient: { request, response: Sample },
    strict: { request, response: Sample, validation: 'strict' },
    short: { response: Sample },
  },
});
const when = '2026-01-31T12:00:00Z';
const probe = Probe.implement({
  lenient: (sample) => sample,
  strict: (sample) => sample,
  short: () => ({ when }) as never,
});

describe('arguments are read in the two modes of the reference', () => {
  it.each(['lenient', 'strict'])('%s fills in defaults', async (mode) => {
    const { ask } = processorOf(probe);
    expect(await ask(`Probe.${mode}`, { payload: { when } })).toMatchObject({
      hasError: false,
      value: { size: 3, when },
    });
  });

  it('lenient alone converts', async () => {
    const { ask } = processorOf(probe);
    const payload = { size: '5', when: 1_700_000_000.123456 };
    expect((await ask('Probe.lenient', { payload })).value).toEqual({
      size: 5,
      when: '2023-11-14T22:13:20.123456Z',
    });
    expect((await ask('Probe.strict', { payload })).hasError).toBe(true);
  });

  it('what a handler gives is sent as it is, so a default that it leaves out is missing', async () => {
    const { ask, reports } = processorOf(probe);
    expect((await ask('Probe.short')).hasError).toBe(true);
    expect(JSON.stringify(reports)).toContain('size');
  });
});
