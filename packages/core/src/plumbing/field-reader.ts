import { ConfigError, type Issue } from '../errors/errors.js';

export interface TextRule {
  readonly minLength?: number;
  readonly pattern?: RegExp;
  /** Says what the pattern asks for, in words: `must be lower case ...`. */
  readonly hint?: string;
  readonly oneOf?: readonly string[];
}

export interface NumberRule {
  readonly min?: number;
  readonly max?: number;
  /** `max` itself is refused. */
  readonly below?: number;
  readonly integer?: boolean;
}

/**
 * Reads the fields of an untrusted object one by one, remembers every problem with its path, and
 * refuses by name each field that nobody asked for. All option resolvers are written with it, so
 * that a user gets all problems in one `ConfigError`.
 */
export class FieldReader {
  readonly #input: Readonly<Record<string, unknown>>;
  readonly #known: string[] = [];
  readonly #isObject: boolean;

  readonly issues: Issue[];
  readonly path: string;

  constructor(input: unknown, issues: Issue[], path = '') {
    this.issues = issues;
    this.path = path;
    this.#isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    this.#input = this.#isObject ? (input as Record<string, unknown>) : {};
    if (!this.#isObject) this.issues.push({ path, message: `must be an object, got ${kindOf(input)}` });
  }

  /** The raw value, undefined when absent; marks the field as known. */
  raw(name: string): unknown {
    this.#known.push(name);
    return Object.hasOwn(this.#input, name) ? this.#input[name] : undefined;
  }

  /** Remembers a problem of the field. */
  addIssue(name: string, message: string): void {
    this.issues.push({ path: this.pathOf(name), message });
  }

  text<T extends string | undefined>(name: string, fallback: T, rule: TextRule = {}): string | T {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    if (typeof value !== 'string') {
      this.addIssue(name, `must be a string, got ${kindOf(value)}`);
    } else if (rule.oneOf && !rule.oneOf.includes(value)) {
      this.addIssue(name, `must be one of ${rule.oneOf.map((option) => `'${option}'`).join(', ')}`);
    } else if (value.length < (rule.minLength ?? 0)) {
      this.addIssue(
        name,
        rule.minLength === 1 ? 'must not be empty' : `must have at least ${rule.minLength} characters`,
      );
    } else if (rule.pattern && !rule.pattern.test(value)) {
      this.addIssue(name, rule.hint ?? `must match ${rule.pattern}`);
    } else {
      return value;
    }
    return fallback;
  }

  /** Like `text`, but a missing field is a problem. */
  requiredText(name: string, rule: TextRule = {}): string {
    if (this.#isObject && this.raw(name) === undefined) this.addIssue(name, 'is required');
    return this.text(name, '', rule);
  }

  number<T extends number | undefined>(name: string, fallback: T, rule: NumberRule = {}): number | T {
    const value = this.raw(name);
    if (value === undefined) return fallback;
    if (typeof value !== 'number' || Number.isNaN(value)) {
      this.addIssue(name, `must be a number, got ${kindOf(value)}`);
    } else if (rule.integer && !Number.isInteger(value)) {
      this.addIssue(name, 'must be a whole number');
    } else if (rule.min !== undefined && value < rule.min) {
      this.addIssue(name, `must be at least ${rule.min}`);
    } else if (rule.max !== undefined && value > rule.max) {
      this.addIssue(name, `must be at most ${rule.max}`);
    } else if (rule.below !== undefined && value >= rule.below) {
      this.addIssue(name, `must be below ${rule.below}`);
    } else {
      return value;
    }
    return fallback;
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value ?? fallback;
    this.addIssue(name, `must be true or false, got ${kindOf(value)}`);
    return fallback;
  }

  /** A function given by the caller; its signature is the type system's business. */
  callback<F>(name: string): F | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'function') return value as F | undefined;
    this.addIssue(name, `must be a function, got ${kindOf(value)}`);
    return undefined;
  }

  /** An AbortSignal given by the caller. */
  signal(name: string): AbortSignal | undefined {
    const value = this.raw(name) as Partial<AbortSignal> | null | undefined;
    if (value === undefined) return undefined;
    // Not by its class: an AbortSignal of another realm or of a polyfill is as good.
    if (typeof value?.addEventListener === 'function' && typeof value.aborted === 'boolean') {
      return value as AbortSignal;
    }
    this.addIssue(name, `must be an AbortSignal, got ${kindOf(value)}`);
    return undefined;
  }

  /** Reads each element of a list; an absent list is empty. */
  list<T>(name: string, read: (value: unknown, path: string) => T): T[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.addIssue(name, `must be a list, got ${kindOf(value)}`);
      return [];
    }
    return value.map((element, index) => read(element, `${this.pathOf(name)}[${index}]`));
  }

  pathOf(name: string): string {
    return this.path ? `${this.path}.${name}` : name;
  }

  /** Call after the last field: remembers each unknown one. */
  rejectUnknown(): void {
    for (const name of Object.keys(this.#input)) {
      if (!this.#known.includes(name)) {
        this.addIssue(name, `is not a known field; known are ${[...new Set(this.#known)].join(', ')}`);
      }
    }
  }
}

/** Throws one `ConfigError` if there is any issue. */
export function throwConfigError(what: string, issues: readonly Issue[]): void {
  if (issues.length > 0) throw new ConfigError(what, issues);
}

/** Names the kind of a value without showing the value, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (Number.isNaN(value)) return 'NaN';
  return typeof value === 'object' ? 'an object' : typeof value;
}
