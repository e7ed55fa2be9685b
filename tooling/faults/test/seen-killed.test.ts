// A service under load is killed again and again: what of its work is run a second time, with and without a store of what it has seen.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntersectClient } from '@intersect-sdk/client';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { Program } from '../../scripts/lib/program.mjs';
import { record } from '../lib/fault-table.js';
import { removeServiceQueues } from '../lib/manage.js';
import { protocols } from '../lib/protocols.js';

const KILLS = 30;
const AT_ONCE = 64;
const ANSWERS_BETWEEN = 150;
const PATIENCE_MS = 120_000;

const program = fileURLToPath(new URL('../lib/seen-service.mjs', import.meta.url));

/** How many runs began after the same number had come so far, counted from what the service wrote down. */
function runAgain(lines: readonly string[], after: 'ended' | 'finished'): number {
  const there = new Set<string>();
  let again = 0;
  for (const line of lines) {
    const [what, number = ''] = line.split(' ');
    if (what === after) there.add(number);
    else if (what === 'began' && there.has(number)) again++;
  }
  return again;
}

describeWithBroker('rabbitmq', (rabbitmq) => {
  const { username, password } = rabbitmq;

  test.for(
    protocols.flatMap((protocol) =>
      ['with a store', 'without'].map((how) => [protocol.name, how, protocol] as const),
    ),
  )(`%s, %s: ${KILLS} SIGKILLs`, { timeout: 600_000 }, async ([, how, protocol]) => {
    const folder = mkdtempSync(join(tmpdir(), 'intersect-seen-'));
    const file = join(folder, 'work');
    const name = `seen-${randomUUID()}`;
    const address = `fault-org.fault-fac.fault-sys.-.${name}`;
    const url = protocol.urlOf(rabbitmq);
    const { host, protocol: scheme } = new URL(url);
    const hasStore = how === 'with a store';
    const env = {
      SERVICE_NAME: name,
      WORK_FILE: file,
      INTERSECT_BROKER_URL: `${scheme}//${username}:${password}@${host}`,
      ...(hasStore && { SEEN_FOLDER: join(folder, 'seen') }),
    };
    const start = async (): Promise<Program> => {
      const started = new Program(program, { name: 'working service', env });
      await started.line(/ready/, AbortSignal.timeout(PATIENCE_MS));
      return started;
    };
    await using client = new IntersectClient({
      brokers: [protocol.transport({ url, username, password })],
      requestTimeoutMs: 3_600_000,
    });
    await client.startup();
    let service = await start();
    let asked = 0;
    let answered = 0;
    let over = false;
    const asking = Array.from({ length: AT_ONCE }, async () => {
      while (!over) {
        const number = asked++;
        expect(await client.request({ destination: address, operation: 'Work.work', payload: number })).toBe(
          number,
        );
        answered++;
      }
    });
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        const from = answered;
        await expect.poll(() => answered, { interval: 1 }).toBeGreaterThan(from + ANSWERS_BETWEEN);
        await service.kill();
        service = await start();
      }
      over = true;
      await Promise.all(asking);
      expect(await service.stop()).toBe(0);
      const lines = readFileSync(file, 'utf8').split('\n');
      const finishedAgain = runAgain(lines, 'finished');
      const endedAgain = runAgain(lines, 'ended');
      const begun = lines.filter((line) => line.startsWith('began')).length;
      expect(answered).toBe(asked);
      if (hasStore) expect(finishedAgain).toBe(0);
      // There was something to be run again.
      else expect(endedAgain).toBeGreaterThan(0);
      record({
        fault: `${KILLS} SIGKILLs under load, ${hasStore ? 'with a store of seen requests' : 'without a store of seen requests'}`,
        role: 'service',
        protocol: protocol.name,
        promise: hasStore
          ? 'nothing that was finished runs again'
          : 'all is answered; what the broker did not know to be done runs again',
        counted: `${answered} requests, all answered; ${begun - answered} runs more, ${finishedAgain} of what was finished, ${endedAgain} of what its handler had ended`,
      });
    } finally {
      over = true;
      rmSync(folder, { recursive: true });
      await removeServiceQueues(rabbitmq, address);
    }
  });
});
