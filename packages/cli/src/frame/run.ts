import { helpOfAll, isCallForHelp } from './help.js';
import type { Surroundings } from './surroundings.js';

/** Runs the program with the words after its name, and resolves with its exit code. Never rejects. */
export async function runIntersect(args: readonly string[], surroundings: Surroundings): Promise<number> {
  if (isCallForHelp(args)) {
    surroundings.stdout.write(helpOfAll());
    return 0;
  }
  // Loaded now: reading words takes a parser, which a list of commands does without.
  const { runProgram } = await import('./program.js');
  return runProgram(args, surroundings);
}
