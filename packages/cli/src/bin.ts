#!/usr/bin/env node
import { runIntersect } from './frame/run.js';
import { surroundingsOfProcess } from './frame/surroundings.js';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    // Who asks a second time does not want to wait for an end in order.
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  });
}

process.exitCode = await runIntersect(process.argv.slice(2), surroundingsOfProcess(stop.signal));
