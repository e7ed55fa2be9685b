import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { RabbitmqEndpoints, StoreEndpoints } from '@intersect-sdk/test-brokers';
import { withBundle } from './bundle.js';

interface Digest {
  readonly came: number;
  readonly sha256: string;
}

/** One request there and back, its client and its service each in a process of its own. */
export interface Passage {
  readonly sent: Digest;
  readonly back: Digest;
  /** The most memory that each process ever held, in bytes. */
  readonly mostBytes: { readonly client: number; readonly service: number };
}

interface Places {
  readonly rabbitmq: RabbitmqEndpoints;
  readonly s3: StoreEndpoints;
}

/** Sends so many bytes as a stream to a service that answers with the same stream. */
export function passageOf(bytes: number, { rabbitmq, s3 }: Places): Promise<Passage> {
  return withBundle(fileURLToPath(new URL('through-store.mjs', import.meta.url)), async (program) => {
    const { hostname, port } = new URL(rabbitmq.amqpUrl);
    const { username, password } = rabbitmq;
    const settings = {
      broker: { host: hostname, port: Number(port), username, password },
      store: { url: s3.url, username: s3.username, password: s3.password },
      hierarchy: {
        organization: 'test-org',
        facility: 'test-fac',
        system: 'test-sys',
        service: `s${randomUUID().slice(0, 13)}`,
      },
      bytes,
    };
    const service = started(program, 'service', settings);
    try {
      await service.line();
      const client = started(program, 'client', settings);
      try {
        const asked = JSON.parse(await client.line());
        const served = JSON.parse(await service.end());
        const mostBytes = { client: asked.mostBytes, service: served.mostBytes };
        return { sent: asked.sent, back: asked.back, mostBytes };
      } finally {
        client.kill();
      }
    } finally {
      service.kill();
    }
  });
}

function started(program: string, role: string, settings: object) {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [program, role], {
    env: { ...process.env, INTERSECT_THROUGH_STORE: JSON.stringify(settings) },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The ${role} ended and said nothing.`);
    return value;
  };
  return {
    line,
    /** Lets it end in order, and gives its last line. */
    async end(): Promise<string> {
      child.stdin.end();
      const last = await line();
      if (child.exitCode === null) await once(child, 'exit');
      return last;
    },
    kill: () => child.kill('SIGKILL'),
  };
}
