// Runs an example app as a reader of its README does: each service and the client as a process of their own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDevBroker } from '@intersect-sdk/dev-broker';
import type { StoreEndpoints } from '@intersect-sdk/test-brokers';
import { PATIENCE_MS } from '../scripts/lib/patience.mjs';
import { Program } from '../scripts/lib/program.mjs';
import { type SeenMessage, throwIfUnknown } from './known-traffic.js';

/** An example app, and what its client is expected to do. */
export interface App {
  /** The folder's name. */
  readonly name: string;
  /** Its services by the names of their programs, in the order in which they start. */
  readonly services: readonly string[];
  /** What the services need in their environment. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  /** What the client needs in its environment, from the lines by which the services said that they are ready. */
  readonly clientEnv?: (ready: readonly string[]) => Record<string, string>;
  /**
   * Throws when the lines are not what the client should print, or the files not what it should write. `folder` is where it ran, an
   * empty folder of its own.
   */
  readonly check: (lines: readonly string[], folder: string) => void;
}

/** Where an app finds what it needs. What is missing it has to bring itself. */
export interface Surroundings {
  /** For programs that take any broker. */
  readonly brokerUrl?: string;
  readonly store?: StoreEndpoints;
}

const apps = fileURLToPath(new URL('../../apps/', import.meta.url));

/** Runs the app and checks what its client printed. All programs have to end in order. */
export async function runApp(app: App, surroundings: Surroundings = {}): Promise<void> {
  const env = environmentOf(surroundings);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const services: Program[] = [];
  const folder = await mkdtemp(join(tmpdir(), `intersect-${app.name}-`));
  try {
    const ready: string[] = [];
    for (const service of app.services) {
      const program = start(app, service, { env: { ...env, ...app.serviceEnv } });
      services.push(program);
      ready.push((await program.line(/.* is ready at .*/, signal))[0]);
    }
    const client = start(app, 'client', { env: { ...env, ...app.clientEnv?.(ready) }, cwd: folder });
    try {
      const code = await Promise.race([client.ended, rejectAtAbort(signal, () => client.output)]);
      if (code !== 0) throw new Error(`The client of ${app.name} ended with ${code}.\n${client.output}`);
      app.check(client.output.split('\n'), folder);
    } finally {
      await client.stop();
    }
    for (const [index, service] of services.entries()) {
      const code = await service.stop();
      if (code !== 0)
        throw new Error(`${app.services[index]} of ${app.name} ended with ${code}.\n${service.output}`);
    }
  } finally {
    await Promise.all(services.map((service) => service.stop()));
    await rm(folder, { recursive: true });
  }
}

/**
 * Runs the app against an embedded broker of its own, and checks that its programs sent nothing but what they may. Resolves with what they
 * sent, in its order.
 */
export async function runAppOnDevBroker(app: App, store?: StoreEndpoints): Promise<readonly SeenMessage[]> {
  await using broker = await startDevBroker({ port: 0 });
  const traffic: SeenMessage[] = [];
  broker.onTraffic((event) => {
    if (event.type !== 'published') return;
    traffic.push({ channel: event.topic, headers: event.headers, payload: event.payload() });
  });
  await runApp(app, { brokerUrl: withUser(broker.url), ...(store && { store }) });
  throwIfUnknown(traffic);
  return traffic;
}

/** The URL of a broker with the examples' credentials in it. */
export function withUser(brokerUrl: string): string {
  const url = new URL(brokerUrl);
  return `${url.protocol}//intersect_username:intersect_password@${url.host}`;
}

/** By which programs are told of what surrounds them. */
export function environmentOf({ brokerUrl, store }: Surroundings): Record<string, string> {
  return {
    ...(brokerUrl !== undefined && { INTERSECT_BROKER_URL: brokerUrl }),
    ...(store && { INTERSECT_S3_URL: withCredentials(store) }),
  };
}

function withCredentials({ url, username, password }: StoreEndpoints): string {
  return Object.assign(new URL(url), { username, password }).href;
}

function start(app: App, program: string, options: { env: Record<string, string>; cwd?: string }): Program {
  const name = `${program} of ${app.name}`;
  return new Program(join(apps, app.name, 'dist', `${program}.js`), { name, ...options });
}

function rejectAtAbort(signal: AbortSignal, output: () => string): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`The client took too long.\n${output()}`)), {
      once: true,
    });
  });
}
