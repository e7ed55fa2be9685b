import type { Given } from '../plumbing/field-reader.js';

/**
 * One row of a table of options: what a user may write (`In`) and what the program works with (`Out`).
 * The comment above the row is its sentence: that is what editors show where a user writes the option.
 */
export interface OptionRow<In, Out> extends OptionFacts {
  /** Never there; tells the compiler what a user may write. */
  readonly in?: In;
  /** The value to work with. Use it only if no issue was added. */
  read(given: Given): Out;
}

/** A row that a user can't leave out. */
export interface RequiredRow<In, Out> extends OptionRow<In, Out> {
  readonly required: true;
}

/** What a row says of itself, for the tables of the READMEs and the schemas of configuration files. */
export interface OptionFacts {
  readonly required?: boolean | undefined;
  /** What it is when it is left out. */
  readonly default?: unknown;
  /** What a number is counted in. */
  readonly unit?: 'ms' | 's' | 'bytes' | undefined;
  /** JSON Schema of a plain value in a configuration file. A row without `json`, `fields` and `items` is not for files. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  /** The rows of an object. */
  readonly fields?: OptionTable | undefined;
  /** What each element of a list is. */
  readonly items?: OptionFacts | undefined;
  /** How a configuration file writes the name, if not as the name in snake_case. */
  readonly snake?: string | undefined;
  /** In a configuration file `null` is as good as leaving it out. */
  readonly nullable?: boolean | undefined;
  /** The field of a configuration file that may name a file with the value instead: `caFile`. */
  readonly fromFile?: string | undefined;
  /** The environment variable that can give it where the configuration file does not. */
  readonly variable?: string | undefined;
}

export type OptionTable = Readonly<Record<string, OptionRow<unknown, unknown>>>;

/**
 * What a user may write for a table. Give it a name of its own, or editors show the whole table instead:
 * `interface ClientOptions extends Named, OptionsOf<typeof CLIENT_OPTIONS> {}`.
 */
export type OptionsOf<T extends OptionTable> = {
  readonly [K in keyof T as T[K] extends Required ? K : never]: In<T[K]>;
} & {
  readonly [K in keyof T as T[K] extends Required ? never : K]?: In<T[K]> | undefined;
};

/** What the program works with: every option checked and, where there is a default, there. */
export type ResolvedOf<T extends OptionTable> = {
  readonly [K in keyof T]: T[K] extends OptionRow<unknown, infer Out> ? Out : never;
};

/** A table for exactly these options of a user, and these to work with. */
export type TableOf<Options, Resolved> = {
  readonly [K in keyof Options & keyof Resolved]-?: OptionRow<Exclude<Options[K], undefined>, Resolved[K]>;
};

/**
 * Nothing. The compiler takes an interface that extends one type and adds nothing for that type, and prints the whole
 * table where it complains of a misspelt option; with this beside it, it prints the interface's name.
 */
export type Named = Record<never, never>;

type Required = RequiredRow<unknown, unknown>;
type In<T> = T extends OptionRow<infer Value, unknown> ? Value : never;
