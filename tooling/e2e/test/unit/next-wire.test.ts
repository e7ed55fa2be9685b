// A whole conversation in a second version of the protocol: neither client nor service nor anything below them has 0.9 built in.
import { IntersectClient } from '@intersect-sdk/client';
import {
  encodePayload,
  type Hierarchy,
  newId,
  nowIso,
  type UserspaceHeaders,
  type WireMessage,
} from '@intersect-sdk/core';
import { withWire } from '@intersect-sdk/core/internal';
import {
  CapabilityError,
  defineCapability,
  IntersectService,
  intersectSchema,
  type Report,
  Type,
} from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';
import { MemoryBroker, memoryTransport } from '@intersect-sdk/transport/memory';
import { beforeEach, describe, expect, test } from 'vitest';
import { NEXT } from '../support/next-wire.js';

const THERMOSTAT = 'cryo/thermostat';

const Thermostat = defineCapability({
  name: 'Thermostat',
  operations: {
    set_target: { request: Type.Number(), response: Type.Number() },
    fail: {},
    ask_other: { request: Type.String(), response: Type.Number() },
  },
  events: { target_changed: { schema: Type.Number() } },
  status: { schema: Type.String() },
});

const thermostat = () =>
  Thermostat.implement({
    set_target: async (kelvin, { emit }) => {
      await emit('target_changed', kelvin);
      return kelvin + 0.5;
    },
    fail: () => {
      throw new CapabilityError('the shutter is closed');
    },
    ask_other: async (destination, { call }) => {
      const { payload } = await call({ destination, operation: 'Thermostat.set_target', payload: 4 });
      return payload as number;
    },
    status: () => 'cold',
  });

let broker: MemoryBroker;
let traffic: WireMessage[];
let reports: Report[];

beforeEach(() => {
  broker = new MemoryBroker();
  traffic = [];
  reports = [];
});

async function listener(): Promise<Transport> {
  const transport = memoryTransport(broker);
  await transport.connect();
  await transport.subscribe('#', (message) => void traffic.push(message));
  return transport;
}

function newService(service = 'thermostat'): IntersectService {
  // The type has the parts of 0.9; the wire has two of them.
  const hierarchy = { system: 'cryo', service } as Hierarchy;
  const config = {
    hierarchy,
    brokers: [memoryTransport(broker)],
    onReport: (one: Report) => reports.push(one),
  };
  return new IntersectService([thermostat()], withWire(config, NEXT));
}

function newClient(): IntersectClient {
  const config = { brokers: [memoryTransport(broker)], onReport: (one: Report) => reports.push(one) };
  return new IntersectClient(withWire(config, NEXT));
}

test('the document of a service that is not started is written in the version that its hierarchy comes with', () => {
  const hierarchy = { system: 'cryo', service: 'thermostat' } as Hierarchy;
  expect(intersectSchema([Thermostat], withWire(hierarchy, NEXT))).toMatchObject({
    'x-intersect-version': '0.10.0',
    info: { title: THERMOSTAT },
  });
  expect(() => intersectSchema([Thermostat], hierarchy)).toThrow('hierarchy.organization: is required');
});

describe('a conversation in the next version', () => {
  test('has requests, answers, errors, events, calls between services and lifecycle messages', async () => {
    await using _monitor = await listener();
    await using service = await newService().startup();
    await using other = await newService('other').startup();
    await using client = await newClient().startup();
    expect([service.address, other.address]).toEqual([THERMOSTAT, 'cryo/other']);
    expect(client.address).toMatch(/^tmp-\/tmp-[0-9a-f-]{36}$/);

    const events = client.events({
      hierarchy: THERMOSTAT,
      capabilityName: 'Thermostat',
      eventName: 'target_changed',
    });
    await events.ready;
    const ask = (operation: string, payload?: unknown) =>
      client.requestWithDetails({ destination: THERMOSTAT, operation: `Thermostat.${operation}`, payload });
    const answer = await ask('set_target', 77);
    expect(answer).toMatchObject({ payload: 77.5, source: THERMOSTAT });
    expect(answer.headers).toMatchObject({ sdkVersion: '0.10.0', state: 'complete', hasError: false });
    expect((await events.next()).value).toMatchObject({ source: THERMOSTAT, payload: 77 });
    await expect(ask('fail')).rejects.toMatchObject({
      code: 'REMOTE_ERROR',
      message: 'the shutter is closed',
    });
    expect((await ask('ask_other', 'cryo/other')).payload).toBe(4.5);
    expect((await ask('status')).payload).toBe('cold');

    expect(new Set(traffic.map(({ channel }) => channel.replace(/tmp-[0-9a-f-]{36}/, 'id')))).toEqual(
      new Set([
        'cryo/thermostat/lifecycle',
        'cryo/other/lifecycle',
        'cryo/thermostat/request',
        'tmp-/id/response',
        'cryo/thermostat/events/Thermostat/target_changed',
        'cryo/other/request',
        'cryo/other/events/Thermostat/target_changed',
        'cryo/thermostat/response',
      ]),
    );
    for (const { headers } of traffic) {
      expect(headers).toMatchObject({ sdk_version: '0.10.0' });
      expect(Object.keys(headers)).not.toContain('has_error');
    }
    const states = traffic.flatMap(({ headers }) => headers.message_state ?? []);
    expect(new Set(states)).toEqual(new Set(['COMPLETE', 'ERROR']));
    expect(reports.map(({ kind }) => kind)).toEqual(['request-refused']);
  });

  test('is described in a document with its own addresses and headers', () => {
    const { info, components, ...document } = newService().schema;
    expect([info.title, document['x-intersect-version']]).toEqual([THERMOSTAT, '0.10.0']);
    const { userspaceHeaders } = (
      components.messageTraits as { commonHeaders: { userspaceHeaders: { properties: object } } }
    ).commonHeaders;
    expect(Object.keys(userspaceHeaders.properties)).toContain('message_state');
    expect(Object.keys(userspaceHeaders.properties)).not.toContain('has_error');
  });

  test('knows what is no part of its addresses', () => {
    const brokers = [memoryTransport(broker)];
    const old = { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' };
    expect(() => new IntersectService([thermostat()], withWire({ hierarchy: old, brokers }, NEXT))).toThrow(
      expect.objectContaining({
        issues: [
          { path: 'hierarchy.organization', message: 'is not a known field; known are system, service' },
          { path: 'hierarchy.facility', message: 'is not a known field; known are system, service' },
        ],
      }),
    );
    const client = new IntersectClient(withWire({ brokers }, NEXT));
    return expect(
      client.request({ destination: 'org.fac.sys.-.svc', operation: 'A.b' }),
    ).rejects.toMatchObject({
      issues: [{ path: 'destination', message: expect.stringContaining("joined by '/'") }],
    });
  });

  test('does not take a program of 0.9 for one of its own', async () => {
    await using transport = await listener();
    await using service = await newService().startup();
    const replied = new Promise<WireMessage>((resolve) => {
      void transport.subscribe('cryo/asker/response', resolve);
    });
    await transport.publish(message({ destination: service.address, sdkVersion: '0.9.6' }));
    expect((await replied).headers).toMatchObject({ message_state: 'ERROR', sdk_version: '0.10.0' });
  });
});

/** A request of a program that is nothing but its wire. */
function message(parts: Partial<UserspaceHeaders> & { readonly destination: string }): WireMessage {
  return {
    channel: NEXT.requestChannel(parts.destination),
    contentType: 'application/json',
    payload: encodePayload(1, 'application/json'),
    headers: NEXT.encodeUserspaceHeaders({
      messageId: newId(),
      campaignId: newId(),
      requestId: newId(),
      source: 'cryo/asker',
      createdAt: nowIso(),
      sdkVersion: NEXT.version,
      operationId: 'Thermostat.set_target',
      dataHandler: 'MESSAGE',
      state: 'complete',
      ...parts,
    }),
  };
}

describe('a sign of life', () => {
  const SIGNS = ['DATA_REQUEST', 'USER_FUNCTION', 'DATA_RESPONSE'].map(
    (what) => `${what}_PROCESSING_STARTED`,
  );

  /** A service that answers each request with these states, one after the other, all without a payload but the last. */
  async function answering(states: readonly string[]): Promise<Transport> {
    const transport = memoryTransport(broker);
    await transport.connect();
    await transport.subscribe(NEXT.requestChannel(THERMOSTAT), async ({ headers: raw }) => {
      const { source, destination, hasError: _, ...request } = NEXT.parseUserspaceHeaders(raw);
      for (const state of states) {
        const swapped = { ...request, messageId: newId(), source: destination, destination: source };
        await transport.publish({
          channel: NEXT.responseChannel(source),
          contentType: 'application/json',
          payload: SIGNS.includes(state) ? new Uint8Array() : encodePayload('done', 'application/json'),
          headers: { ...NEXT.encodeUserspaceHeaders(swapped), message_state: state },
        });
      }
    });
    return transport;
  }

  const request = { destination: THERMOSTAT, operation: 'Thermostat.set_target', payload: 1 };

  test('does not end a request, whatever it says', async () => {
    await using _service = await answering([...SIGNS, 'COMPLETE']);
    await using client = await newClient().startup();
    expect(await client.request(request)).toBe('done');
    expect(reports).toEqual([]);
  });

  test('is followed by an error as well', async () => {
    await using _service = await answering(['USER_FUNCTION_PROCESSING_STARTED', 'ERROR']);
    await using client = await newClient().startup();
    await expect(client.request(request)).rejects.toMatchObject({ code: 'REMOTE_ERROR', message: '"done"' });
  });

  test('is no answer, so that the wait for one ends by its time limit', async () => {
    await using _service = await answering(['USER_FUNCTION_PROCESSING_STARTED']);
    await using client = await newClient().startup();
    await expect(client.request(request, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'REQUEST_TIMEOUT',
    });
  });

  test('of a word that is none is refused, and is no answer either', async () => {
    await using _service = await answering(['complete', 'COMPLETE']);
    await using client = await newClient().startup();
    expect(await client.request(request)).toBe('done');
    expect(reports).toMatchObject([{ kind: 'message-refused', error: { code: 'HEADERS_INVALID' } }]);
  });
});
