import type { Command } from 'commander';
import type { Output } from '../outcome/output.js';
import type { Surroundings } from './surroundings.js';

/** What a command is given. */
export interface Frame {
  readonly surroundings: Surroundings;
  readonly output: Output;
  /** All commands by their names. */
  readonly commands: readonly CommandEntry[];
  /** A command that knows what it takes, for whoever looks at it and does not run it. */
  readonly commandCalled: (name: string) => Promise<Command | undefined>;
}

/** One command: its file says what it takes and does it. */
export interface CommandFile {
  /** Adds arguments, options and what is done to a command that has its name and its sentence already. */
  declare(command: Command, frame: Frame): void;
}

/** A command in the list of all, known before its file is loaded. */
export interface CommandEntry {
  readonly name: string;
  /** What is written after the name, for the list. */
  readonly takes: string;
  /** One line. */
  readonly summary: string;
  readonly load: () => Promise<CommandFile>;
}
