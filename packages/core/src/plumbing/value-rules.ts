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

/** What is wrong with a text, as the end of a sentence that begins with its path; undefined when nothing is. */
export function textProblem(value: unknown, rule: TextRule): string | undefined {
  if (typeof value !== 'string') return `must be a string, got ${kindOf(value)}`;
  if (rule.oneOf && !rule.oneOf.includes(value)) {
    return `must be one of ${rule.oneOf.map((option) => `'${option}'`).join(', ')}`;
  }
  if (value.length < (rule.minLength ?? 0)) {
    return rule.minLength === 1 ? 'must not be empty' : `must have at least ${rule.minLength} characters`;
  }
  if (rule.pattern && !rule.pattern.test(value)) return rule.hint ?? `must match ${rule.pattern}`;
  return undefined;
}

export function numberProblem(value: unknown, rule: NumberRule): string | undefined {
  if (typeof value !== 'number' || Number.isNaN(value)) return `must be a number, got ${kindOf(value)}`;
  if (rule.integer && !Number.isInteger(value)) return 'must be a whole number';
  if (rule.min !== undefined && value < rule.min) return `must be at least ${rule.min}`;
  if (rule.max !== undefined && value > rule.max) return `must be at most ${rule.max}`;
  if (rule.below !== undefined && value >= rule.below) return `must be below ${rule.below}`;
  return undefined;
}

export function flagProblem(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : `must be true or false, got ${kindOf(value)}`;
}

export function callbackProblem(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : `must be a function, got ${kindOf(value)}`;
}

export function signalProblem(value: unknown): string | undefined {
  const signal = value as Partial<AbortSignal> | null;
  // Not by `instanceof`, so that an AbortSignal of another realm or of a polyfill is accepted too.
  if (typeof signal?.addEventListener === 'function' && typeof signal.aborted === 'boolean') return undefined;
  return `must be an AbortSignal, got ${kindOf(value)}`;
}

export function listProblem(value: unknown): string | undefined {
  return Array.isArray(value) ? undefined : `must be a list, got ${kindOf(value)}`;
}

/** Names the kind of a value without showing the value, which may be a secret. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (Number.isNaN(value)) return 'NaN';
  return typeof value === 'object' ? 'an object' : typeof value;
}
