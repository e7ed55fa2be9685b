import { describe, expect, test } from 'vitest';
import { ConsoleState } from '../../src/state/console.js';
import type { ConsoleSettings } from '../../src/tunnel/index.js';
import type { FromWorker, ListedService, Push, ToWorker } from '../../src/worker/protocol.js';

const address = 'lab.hall.room.-.camera';
const tunnelled: ConsoleSettings = {
  brokers: [{ way: 'tunnel', name: 'mqtt://lab', path: '/tunnel/0' }],
  readOnly: false,
};

const document = (name: string) => ({
  info: { title: address },
  'x-intersect-version': '0.9.6',
  capabilities: {
    [name]: { endpoints: { take: { publish: { message: { payload: { type: 'integer' } } } } } },
  },
});

function listed(schemaVersion: number, state: ListedService['state'] = 'up'): ListedService {
  return {
    address,
    state,
    sinceMs: 1,
    lastSeenMs: 1,
    foundBy: 'lifecycle',
    statuses: {},
    toldAtMs: 1,
    blockedKeys: [],
    instances: undefined,
    intervalMs: undefined,
    reason: undefined,
    schemaVersion,
  } as ListedService;
}

/** A page whose worker answers by `answers`, and what was asked of it. */
function page(answers: Record<string, (takes: never) => unknown>, settings = tunnelled) {
  const asked: (ToWorker & { kind: 'call' })[] = [];
  let tell: (data: FromWorker) => void = () => {};
  let fragment = '#/services';
  const store = { getItem: () => null, setItem: () => {} };
  const state = new ConsoleState({
    worker: {
      postMessage(message) {
        if (message.kind !== 'call') return;
        asked.push(message);
        const { call, name, takes } = message;
        queueMicrotask(() => {
          try {
            tell({ kind: 'gives', call, value: answers[name]?.(takes as never) });
          } catch (error) {
            tell({ kind: 'throws', call, problem: error as never });
          }
        });
      },
      addEventListener: (_type, listener) => {
        tell = (data) => listener({ data });
      },
    },
    base: 'ws://127.0.0.1:1/',
    token: 't',
    settings,
    kept: store,
    session: store,
    fragment: () => fragment,
    go: (next) => {
      fragment = next;
      state.routed();
    },
  });
  return { state, asked, push: (push: Push) => tell(push) };
}

describe('the page', () => {
  test('connects at once where the program carries its traffic, and shows what it is told', async () => {
    const { state, asked } = page({});
    state.start();
    await expect.poll(() => state.phase.value.kind).toBe('ready');
    expect(asked.map(({ name }) => name)).toEqual(['connect', 'watchTimeline']);
  });

  test('asks who one is where it speaks to a broker itself, and again when that is refused', async () => {
    let tries = 0;
    const settings: ConsoleSettings = {
      brokers: [{ way: 'direct', name: 'lab', url: 'ws://lab/ws', username: 'me' }],
      readOnly: false,
    };
    const refused = { code: 'AUTH_REFUSED', message: 'no', issues: [], mayHaveRun: false, retryable: false };
    const connect = () => {
      tries++;
      if (tries === 1) throw refused;
    };
    const { state } = page({ connect }, settings);
    state.start();
    expect(state.phase.value).toEqual({ kind: 'login' });
    expect(state.login).toEqual({ username: 'me' });
    await state.connect({ username: 'me', password: 'wrong' });
    expect(state.phase.value).toEqual({ kind: 'login', refused: 'no' });
    await state.connect({ username: 'me', password: 'right' });
    expect(state.phase.value.kind).toBe('ready');
  });

  test('goes where a link leads', () => {
    const { state } = page({});
    state.go({ page: 'timeline', query: { text: 'x' } });
    expect(state.route.value).toEqual({ page: 'timeline', query: { text: 'x' } });
  });

  test('reads the document of a service once, and again when it tells another one', async () => {
    let name = 'First';
    const { state, asked, push } = page({ describe: () => document(name) });
    push({ kind: 'services', changed: [listed(1)] });
    const described = state.described(address);
    const capability = () => {
      const { value } = described;
      return value.kind === 'known' ? value.description.capabilities[0]?.name : value.kind;
    };
    await expect.poll(capability).toBe('First');
    expect(state.described(address)).toBe(described);
    push({ kind: 'services', changed: [listed(1, 'silent')] });
    expect(asked.filter((call) => call.name === 'describe')).toHaveLength(1);
    name = 'Second';
    push({ kind: 'services', changed: [listed(2)] });
    await expect.poll(capability).toBe('Second');
  });

  test('says why what a service can do is not known', async () => {
    const { state } = page({ describe: () => ({ nothing: true }) });
    const described = state.described(address);
    await expect.poll(() => described.value.kind).toBe('unknown');
  });
});
