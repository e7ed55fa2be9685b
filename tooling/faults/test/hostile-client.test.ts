import { afterAll, expect, test } from 'vitest';
import { HOSTILE_TO_CLIENTS, LARGE_TO_CLIENTS } from '../lib/hostile/answers.js';
import { attack } from '../lib/hostile/attack.js';
import { LONGEST_PAUSE_MS, MEMORY_MAY_GROW, overEveryWire } from '../lib/hostile/every-wire.js';
import { Random } from '../lib/hostile/random.js';
import { HostileTable, messagesOver, SEED } from '../lib/hostile/table.js';
import { clientTarget } from '../lib/hostile/targets.js';
import type { Wire } from '../lib/hostile/wire.js';

const table = new HostileTable('client');
afterAll(() => table.write());

function refusesAll(name: string, open: () => Promise<Wire>): void {
  test(`a client over ${name} refuses each hostile message once, with its reason, and takes the right ones`, async () => {
    await using wire = await open();
    const random = new Random(SEED);
    await using target = await clientTarget(wire, random);
    const { seen, kit, right, prepare } = target;
    const result = await attack({
      ...{ wire, random, kit, seen, right, prepare },
      lies: HOSTILE_TO_CLIENTS,
      large: LARGE_TO_CLIENTS,
      count: messagesOver(name),
    });
    table.add(name, result);
    expect(seen.counts).toEqual(result.expected);
    expect(await target.remainder()).toEqual({ missing: 0 });
    expect(result.polluted).toBe(false);
    expect(result.grownBytes).toBeLessThan(MEMORY_MAY_GROW);
    expect(result.longestPauseMs).toBeLessThan(LONGEST_PAUSE_MS);
  });
}

overEveryWire(refusesAll);
