import { ConfigError, type Issue } from '../errors/errors.js';
import { printableName, unknownField } from './unknown-name.js';
import {
  callbackProblem,
  flagProblem,
  kindOf,
  listProblem,
  type NumberRule,
  numberProblem,
  signalProblem,
  type TextRule,
  textProblem,
} from './value-rules.js';

/** A value of the input, its path in the input, and the list that its problems are added to. */
export interface Given {
  readonly value: unknown;
  readonly path: string;
  readonly issues: Issue[];
}

/**
 * Reads the fields of an untrusted object one by one, remembers every problem with its path, and
 * refuses by name each field that was not read. Tables of options are read with it, so that a user
 * gets all problems in one `ConfigError`.
 */
export class FieldReader {
  readonly #input: Readonly<Record<string, unknown>>;
  /** The names that were asked for; few, and read for every request, so that a list is faster than a set. */
  readonly #known: string[] = [];

  readonly issues: Issue[];
  readonly path: string;
  /** False for a value without fields. That is an issue by itself, so missing fields need not be reported too. */
  readonly isObject: boolean;

  constructor(input: unknown, issues: Issue[], path = '') {
    this.issues = issues;
    this.path = path;
    this.isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    this.#input = this.isObject ? (input as Record<string, unknown>) : {};
    if (!this.isObject) this.issues.push({ path, message: `must be an object, got ${kindOf(input)}` });
  }

  /** The raw value, undefined when absent; marks the field as known. */
  raw(name: string): unknown {
    this.#known.push(name);
    return Object.hasOwn(this.#input, name) ? this.#input[name] : undefined;
  }

  /** The raw value with its place; marks the field as known. */
  at(name: string): Given {
    return { value: this.raw(name), path: this.pathOf(name), issues: this.issues };
  }

  /** Remembers a problem of the field. */
  addIssue(name: string, message: string): void {
    this.issues.push({ path: this.pathOf(name), message });
  }

  text<T extends string | undefined>(name: string, fallback: T, rule: TextRule = {}): string | T {
    return this.#read(name, fallback, (value) => textProblem(value, rule));
  }

  /** Like `text`, but a missing field is a problem. */
  requiredText(name: string, rule: TextRule = {}): string {
    if (this.isObject && this.raw(name) === undefined) this.addIssue(name, 'is required');
    return this.text(name, '', rule);
  }

  number<T extends number | undefined>(name: string, fallback: T, rule: NumberRule = {}): number | T {
    return this.#read(name, fallback, (value) => numberProblem(value, rule));
  }

  boolean(name: string, fallback: boolean): boolean {
    return this.#read(name, fallback, flagProblem);
  }

  /** A function given by the caller. Its signature is checked by the compiler only. */
  callback<F>(name: string): F | undefined {
    return this.#read<F | undefined>(name, undefined, callbackProblem);
  }

  /** An AbortSignal given by the caller. */
  signal(name: string): AbortSignal | undefined {
    return this.#read<AbortSignal | undefined>(name, undefined, signalProblem);
  }

  /** Reads each element of a list; an absent list is empty. */
  list<T>(name: string, read: (value: unknown, path: string) => T): T[] {
    const value = this.#read<unknown[]>(name, [], listProblem);
    return value.map((element, index) => read(element, `${this.pathOf(name)}[${index}]`));
  }

  pathOf(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }

  /** Call after the last field: remembers each unknown one, once. */
  rejectUnknown(): void {
    for (const name of Object.keys(this.#input)) {
      if (!this.#known.includes(name)) this.addIssue(printableName(name), unknownField(name, this.#known));
    }
  }

  #read<T>(name: string, fallback: T, problemOf: (value: unknown) => string | undefined): T {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    const problem = problemOf(value);
    if (problem === undefined) return value as T;
    this.addIssue(name, problem);
    return fallback;
  }
}

/** Throws one `ConfigError` if there is any issue. */
export function throwConfigError(what: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw new ConfigError(what, issues);
}
