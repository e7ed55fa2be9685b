import { afterAll, expect, test } from 'vitest';
import { attack } from '../lib/hostile/attack.js';
import { LONGEST_PAUSE_MS, MEMORY_MAY_GROW, overEveryWire } from '../lib/hostile/every-wire.js';
import { dataTrap } from '../lib/hostile/health-watch.js';
import { Random } from '../lib/hostile/random.js';
import { HOSTILE_REQUESTS, LARGE_REQUESTS } from '../lib/hostile/requests.js';
import { HostileTable, messagesOver, SEED } from '../lib/hostile/table.js';
import { serviceTarget } from '../lib/hostile/targets.js';
import type { Wire } from '../lib/hostile/wire.js';

const table = new HostileTable('service');
afterAll(() => table.write());

function refusesAll(name: string, open: () => Promise<Wire>): void {
  test(`a service over ${name} refuses each hostile message once, with its reason, and answers the right ones`, async () => {
    await using wire = await open();
    await using trap = await dataTrap();
    const random = new Random(SEED);
    await using target = await serviceTarget(wire, random, trap.url);
    const { seen, kit, right, prepare } = target;
    const result = await attack({
      ...{ wire, random, kit, seen, right, prepare },
      lies: HOSTILE_REQUESTS,
      large: LARGE_REQUESTS,
      count: messagesOver(name),
    });
    table.add(name, result);
    expect(seen.counts).toEqual(result.expected);
    expect(await target.remainder()).toEqual({ inFlight: 0, running: 0 });
    expect(result.polluted).toBe(false);
    expect(trap.visits).toBe(0);
    expect(result.grownBytes).toBeLessThan(MEMORY_MAY_GROW);
    expect(result.longestPauseMs).toBeLessThan(LONGEST_PAUSE_MS);
  });
}

overEveryWire(refusesAll);
