import { createInterface } from 'node:readline';

/**
 * What a measured program was told by the one that started it: where the broker is, and what to do there.
 *
 * @returns {any}
 */
export function settings() {
  return JSON.parse(process.env.INTERSECT_BENCH ?? '{}');
}

/**
 * Takes commands, one JSON line each on standard input, and answers each with a JSON line. Ends with standard input, so
 * that no program outlives the one that started it.
 *
 * @param {Record<string, (options: any) => unknown>} commands Every program has `processorMs` besides.
 * @param {{ end?: () => Promise<unknown> }} [options] `end`: the goodbye to the broker.
 */
export async function takeCommands(commands, { end = async () => {} } = {}) {
  /** @type {typeof commands} */
  const all = { ...commands, processorMs };
  tell({ ready: true });
  process.stdin.on('end', () => {
    void end()
      .catch(() => {})
      .then(() => process.exit(0));
  });
  for await (const line of createInterface({ input: process.stdin })) {
    const { command, ...options } = JSON.parse(line);
    try {
      tell({ result: (await all[command]?.(options)) ?? null });
    } catch (error) {
      tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}

/** Processor time of this program until now, of all its threads and without the kernel's. */
function processorMs() {
  return process.cpuUsage().user / 1000;
}

/** @param {object} line */
function tell(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
