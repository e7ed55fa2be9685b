import type { ConformanceHarness } from '@intersect-sdk/conformance';
import { describeConformance } from '@intersect-sdk/conformance/vitest';
import type { SupervisorOptions, Transport } from '@intersect-sdk/transport';
import { HubServer } from '../../src/hub-server.js';
import { hubDriver, hubTransport, MAX_PAYLOAD_BYTES } from '../../src/hub-transport.js';
import { publishRaw } from './publish-raw.js';

const password = 'intersect_password';

/** What can be done to a hub, and to the connections that it has. */
function hubHarness(): ConformanceHarness {
  const names = new WeakMap<Transport, string>();
  let last = 0;
  let hub: HubServer | undefined;

  const accessOf = (name: string) => ({ port: hub?.port ?? 1, name, password });
  const create = (options?: SupervisorOptions, access = accessOf(`conformance-${++last}`)): Transport => {
    const transport = hubTransport(access, options);
    names.set(transport, access.name);
    return transport;
  };

  return {
    capabilities: hubDriver(accessOf('nobody')).capabilities,
    deadlineMs: 120_000,
    maxPayloadBytes: MAX_PAYLOAD_BYTES,
    create: (options) => create(options),
    createRejected: () => create({}, { ...accessOf('intruder'), password: 'not the password' }),
    sever: (transport) => hub?.sever(names.get(transport)),
    refuse: (on) => hub?.refuse(on),
    publishForeign: (message) => publishRaw(message, accessOf('another-program')),
    async start() {
      hub = await HubServer.start({ port: 0, password });
    },
    stop: async () => hub?.[Symbol.asyncDispose](),
  };
}

describeConformance('the transport of apps/custom-transport', hubHarness, {
  // The hub forgets a subscription with its connection, and a message when it was handed over. Nothing stands between to
  // silence a network, and it does not tell what it holds.
  notPromised: [
    'hygiene/close-while-stalled-leaves-nothing',
    'subscribe/unsubscribe-leaves-nothing',
    'durable/long-handler',
    'durable/acknowledged-is-gone',
    'durable/drain-leaves-the-rest',
    'durable/redelivered-is-marked',
    'durable/sent-while-closed',
    'durable/session-ends-with-close',
    'durable/session-spans-a-cut',
    'durable/unacknowledged-comes-back',
    'durable/unsubscribed-still-collects',
  ],
});
