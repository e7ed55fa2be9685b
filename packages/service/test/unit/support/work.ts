import type { Transport } from '@intersect-sdk/transport';
import { Binary, defineCapability, Type } from '../../../src/index.js';
import { Latch } from './programs.js';

const Work = defineCapability({
  name: 'Work',
  concurrency: 32,
  operations: {
    quick: { request: Type.Integer({ title: 'n' }), response: Type.Integer() },
    wait: { response: Type.String() },
    large: { request: Type.Integer({ title: 'bytes' }), response: Binary('application/octet-stream') },
  },
  events: { progress: { schema: Type.Integer() } },
});

/** A capability with a quick, a slow and a large answer, and what happened to it. */
export function work() {
  const state = { runs: 0, release: new Latch() };
  const capability = Work.implement({
    quick: (n, { emit }) => {
      state.runs += 1;
      void emit('progress', n);
      return n;
    },
    wait: async (_nothing, { emit }) => {
      state.runs += 1;
      await emit('progress', state.runs);
      await state.release.done;
      return 'done';
    },
    large: (bytes) => new Uint8Array(bytes),
  });
  return { capability, state };
}

/** Resolves when the transport is in that state. */
export function stateOf(transport: Transport, kind: Transport['state']['kind']): Promise<void> {
  if (transport.state.kind === kind) return Promise.resolve();
  return new Promise((resolve) => {
    const remove = transport.onEvent((event) => {
      if (event.kind !== 'state' || event.state.kind !== kind) return;
      remove();
      resolve();
    });
  });
}
