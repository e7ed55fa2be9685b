import { describe, expect, test, vi } from 'vitest';
import { jsonText, parseJson } from '../../src/state/json.js';
import { numbersOf, waysOf } from '../../src/state/requests/answer-ways.js';
import { commandText, programText } from '../../src/state/requests/call-text.js';
import { RequestState } from '../../src/state/requests/request-state.js';
import { loadSaved } from '../../src/state/requests/saved-requests.js';
import { WorkerLink } from '../../src/state/worker-link.js';
import type { FromWorker, ToWorker } from '../../src/worker/protocol.js';

const address = 'lab.hall.room.-.camera';
const call = { address, operation: 'Camera.take', contentType: 'application/json' };

function memory() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
}

/** A worker that answers with what it is told to. */
function linkTo(answer: (asked: ToWorker & { kind: 'call' }) => Partial<FromWorker>): WorkerLink {
  let listener: (event: { readonly data: FromWorker }) => void = () => {};
  return new WorkerLink(
    {
      postMessage(message) {
        if (message.kind !== 'call') return;
        queueMicrotask(() => listener({ data: { call: message.call, ...answer(message) } as FromWorker }));
      },
      addEventListener: (_type, given) => {
        listener = given;
      },
    },
    () => {},
  );
}

describe('a request elsewhere', () => {
  test('is a command that a shell reads', () => {
    expect(commandText({ ...call, argument: { name: "it's", at: 2n ** 60n } })).toBe(
      `intersect call ${address} Camera.take '{"name": "it'\\''s","at": 1152921504606846976}'`,
    );
    expect(commandText({ ...call, argument: undefined })).toBe(`intersect call ${address} Camera.take`);
    expect(commandText({ ...call, contentType: 'image/png', argument: new Uint8Array(2) })).toContain(
      '@FILE --type image/png',
    );
  });

  test('is a program', () => {
    const text = programText({ ...call, argument: { exposure: [1, 2n ** 60n], name: 'a\nb' } });
    expect(text).toContain(`destination: '${address}',`);
    expect(text).toContain('1152921504606846976n');
    expect(text).toContain('"name": "a\\nb"');
  });
});

test('JSON keeps all digits of whole numbers', () => {
  const value = { big: 12345678901234567890n, list: [1, null, {}], text: 'a"b' };
  expect(parseJson(jsonText(value))).toEqual(value);
  expect(jsonText({ a: undefined, b: [] })).toBe('{\n  "b": []\n}');
});

test('an answer is shown in the ways that fit it', () => {
  expect(waysOf([1, 2, 3n], 'application/json')).toEqual(['tree', 'json', 'plot']);
  expect(waysOf([{ a: 1 }], 'application/json')).toEqual(['tree', 'json', 'table']);
  expect(waysOf(new Uint8Array(1), 'image/png')).toEqual(['image']);
  expect(waysOf(new Uint8Array(1), 'application/zip')).toEqual([]);
  expect(numbersOf([1, 'x'])).toEqual([]);
});

describe('requests of the page', () => {
  const wanted = { ...call, argument: 1, timeoutMs: 1_000, isStream: false };

  test('ask a person once before an operation runs a second time', async () => {
    const answer = { payload: 1, contentType: '', headers: {}, durationMs: 1 };
    const link = linkTo(() => ({ kind: 'gives', value: answer }));
    const requests = new RequestState({ link, kept: memory(), session: memory() });
    expect(requests.needsLeave(address, call.operation)).toBe(false);
    await requests.send(wanted);
    expect(requests.run(address, call.operation).value).toMatchObject({ kind: 'answered', answer });
    expect(requests.needsLeave(address, call.operation)).toBe(true);
    requests.allowAgain(address, call.operation);
    expect(requests.needsLeave(address, call.operation)).toBe(false);
  });

  test('that fail say why', async () => {
    const problem = {
      code: 'REMOTE_ERROR',
      message: 'no',
      issues: [{ path: 'a', message: 'b' }],
      mayHaveRun: true,
      retryable: false,
    };
    const link = linkTo(() => ({ kind: 'throws', problem }));
    const requests = new RequestState({ link, kept: memory(), session: memory() });
    await requests.send(wanted);
    expect(requests.run(address, call.operation).value).toMatchObject({ kind: 'failed', problem });
  });

  test('show how far they are while they wait', async () => {
    const answer = { payload: 1, contentType: '', headers: {}, durationMs: 1 };
    let requests: RequestState | undefined;
    const seen: unknown[] = [];
    const link = linkTo(({ takes }) => {
      const run = requests?.run(address, call.operation);
      requests?.progressed('another', { fraction: 0.9 });
      seen.push(run?.value);
      requests?.progressed((takes as { key: string }).key, { fraction: 0.5, message: 'half' });
      seen.push(run?.value);
      return { kind: 'gives', value: answer };
    });
    requests = new RequestState({ link, kept: memory(), session: memory() });
    await requests.send(wanted);
    expect(seen).toMatchObject([{ kind: 'waiting' }, { kind: 'waiting', progress: { message: 'half' } }]);
    expect(seen[0]).not.toHaveProperty('progress');
    requests.progressed('late', { fraction: 1 });
    expect(requests.run(address, call.operation).value?.kind).toBe('answered');
  });

  test('show the items of a stream as they come, and keep them where it fails', async () => {
    const problem = { code: 'ABORTED', message: 'no', issues: [], mayHaveRun: true, retryable: false };
    let requests: RequestState | undefined;
    const seen: unknown[] = [];
    const link = linkTo(({ takes }) => {
      const { key, isStream } = takes as { key: string; isStream: boolean };
      expect(isStream).toBe(true);
      requests?.streamed('another', [9], 1);
      requests?.streamed(key, [1, 2], 2);
      requests?.streamed(
        key,
        Array.from({ length: 300 }, (_, n) => n),
        302,
      );
      seen.push(requests?.run(address, call.operation).value);
      return { kind: 'throws', problem };
    });
    requests = new RequestState({ link, kept: memory(), session: memory() });
    await requests.send({ ...wanted, isStream: true });
    const stream = { items: Array.from({ length: 200 }, (_, n) => n + 100), count: 302 };
    expect(seen).toMatchObject([{ kind: 'waiting', stream }]);
    expect(requests.run(address, call.operation).value).toMatchObject({ kind: 'failed', stream });
  });

  test('are saved, found again and removed; what cannot be read is left out', () => {
    const kept = memory();
    const options = { link: linkTo(() => ({})), kept, session: memory() };
    new RequestState(options).save('mine', { ...wanted, argument: { a: 1n } });
    const again = new RequestState(options);
    expect(again.saved.value).toMatchObject([{ name: 'mine', argument: '{\n  "a": 1\n}' }]);
    again.remove(again.saved.value[0]?.id ?? '');
    expect(loadSaved(kept)).toEqual([]);
    kept.setItem('intersect-console-saved', '[{"name":"half"}, 3]');
    expect(loadSaved(kept)).toEqual([]);
  });

  test('that are typed outlive a load of the page, and a full storage harms nothing', () => {
    const session = memory();
    const options = { link: linkTo(() => ({})), kept: memory(), session };
    new RequestState(options).keepDraft(address, call.operation, { a: 1 });
    expect(new RequestState(options).draft(address, call.operation)).toBe('{\n  "a": 1\n}');
    vi.spyOn(session, 'setItem').mockImplementation(() => {
      throw new Error('full');
    });
    new RequestState(options).keepDraft(address, call.operation, 2);
  });
});
