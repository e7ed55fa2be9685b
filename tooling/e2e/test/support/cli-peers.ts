// A service of either SDK, as the command line meets it, and what it does when it is told to.
import { randomUUID } from 'node:crypto';
import { IntersectClient } from '@intersect-sdk/client';
import type { Transport } from '@intersect-sdk/transport';
import { startProbe } from './probe-service.js';
import type { PythonBroker } from './python-program.js';
import { PythonService, whenReachable } from './python-service.js';

export interface CliPeer extends AsyncDisposable {
  readonly address: string;
  /** Has it say by itself what it can do, once. */
  tell(): Promise<void>;
  /** Has it send an event. */
  emit(): Promise<unknown>;
  /** Has it answer. */
  greet(): Promise<unknown>;
}

export async function pythonPeer(
  interpreter: string,
  broker: PythonBroker,
  makeTransport: () => Transport,
): Promise<CliPeer> {
  const name = `cli-${randomUUID()}`;
  const service = await PythonService.start(interpreter, broker, name);
  return asked(service.address, makeTransport, {
    // A second program under the same name says it when it starts.
    async tell() {
      await using _again = await PythonService.start(interpreter, broker, name);
    },
    stop: () => service[Symbol.asyncDispose](),
  });
}

export async function ourPeer(makeTransport: () => Transport): Promise<CliPeer> {
  const running = await startProbe(`cli-${randomUUID()}`, makeTransport());
  const { service } = running;
  return asked(service.address, makeTransport, {
    async tell() {
      await service.shutdown();
      await service.startup();
    },
    async stop() {
      await running[Symbol.asyncDispose]();
    },
  });
}

interface Ways {
  readonly tell: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

async function asked(address: string, makeTransport: () => Transport, ways: Ways): Promise<CliPeer> {
  const client = await new IntersectClient({ brokers: [makeTransport()] }).startup();
  await whenReachable(client, address);
  const ask = (operation: string, payload: unknown) =>
    client.request({ destination: address, operation: `Probe.${operation}`, payload });
  return {
    address,
    tell: ways.tell,
    emit: () => ask('emit', 1),
    greet: () => ask('greet', 'you'),
    async [Symbol.asyncDispose]() {
      await client.shutdown();
      await ways.stop();
    },
  };
}
