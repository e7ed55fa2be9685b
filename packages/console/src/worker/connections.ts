import { createTransport, type Transport, type TransportState } from '@intersect-sdk/transport';
import type { ConsoleBroker } from '../tunnel/index.js';
import type { BrokerState, ConnectCall, Gap, Push } from './protocol.js';
import { TunnelDriver } from './tunnel-driver.js';

const MOST_GAPS = 50;

/** The ways to the brokers, how each stands, and when each was gone. */
export class Connections {
  readonly #changed: () => void;
  #brokers = new Map<string, BrokerState>();
  #gaps: Gap[] = [];
  #isNew = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  transportsFor(how: ConnectCall): Promise<Transport[]> {
    this.#brokers = new Map();
    const made = how.settings.brokers.map(async (broker) => {
      const transport = await transportFor(broker, how);
      this.#set(broker.name, { kind: 'connecting', attempt: 1 });
      transport.onEvent((event) => {
        if (event.kind === 'state') this.#set(broker.name, event.state);
      });
      return transport;
    });
    return Promise.all(made);
  }

  takeNews(): Push[] {
    if (!this.#isNew) return [];
    this.#isNew = false;
    return [{ kind: 'connection', brokers: [...this.#brokers.values()], gaps: this.#gaps }];
  }

  #set(name: string, told: TransportState): void {
    const sinceMs = Date.now();
    const { state: before } = this.#brokers.get(name) ?? {};
    const state = stateOf(told);
    const reason = 'error' in told ? told.error?.message : undefined;
    this.#brokers.set(name, { name, state, reason, sinceMs });
    if (before === 'open' && state !== 'open')
      this.#gaps.push({ broker: name, fromMs: sinceMs, untilMs: undefined });
    if (state === 'open') {
      this.#gaps = this.#gaps.map((gap) =>
        gap.broker === name && gap.untilMs === undefined ? { ...gap, untilMs: sinceMs } : gap,
      );
    }
    this.#gaps = this.#gaps.slice(-MOST_GAPS);
    this.#isNew = true;
    this.#changed();
  }
}

function stateOf({ kind }: TransportState): BrokerState['state'] {
  if (kind === 'open') return 'open';
  if (kind === 'reconnecting') return 'lost';
  return kind === 'connecting' || kind === 'idle' ? 'connecting' : 'closed';
}

async function transportFor(broker: ConsoleBroker, { base, token, login }: ConnectCall): Promise<Transport> {
  if (broker.way === 'tunnel') {
    const url = new URL(broker.path, base).href;
    return createTransport(new TunnelDriver({ name: broker.name, url, token }));
  }
  // Loaded where it is needed: a page whose traffic is carried speaks no MQTT.
  const { mqttTransport } = await import('@intersect-sdk/transport-mqtt');
  return mqttTransport({ url: broker.url, ...login });
}
