/** How bad it is. `problem`: messages are lost or nothing works. `warning`: it will trouble somebody. `note`: worth knowing. */
export type Level = 'ok' | 'note' | 'warning' | 'problem';

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at, the same word each time: `login`, `largest-message`. */
  readonly check: string;
  readonly level: Level;
  /** A sentence. */
  readonly text: string;
  /** The command that mends it. Each warning and each problem has one. */
  readonly mend?: string;
  /** Where it was found. */
  readonly at?: string;
}
