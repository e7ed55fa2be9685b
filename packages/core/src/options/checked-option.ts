import type { OptionFacts, OptionRow } from './option.js';

/** What every row can say of itself; `OptionFacts` tells what it means. */
export interface RowRule<T> {
  readonly default?: T;
  readonly snake?: string;
  readonly nullable?: boolean;
  readonly variable?: string;
}

/** A row whose value is taken as it is when nothing is wrong with it. */
export function checkedOption<T>(
  rule: RowRule<T>,
  facts: OptionFacts,
  problemOf: (value: unknown) => string | undefined,
): OptionRow<T, T> {
  const { default: fallback, snake, nullable, variable } = rule;
  return {
    ...facts,
    default: fallback,
    snake,
    nullable,
    variable,
    read({ value, path, issues }) {
      if (value === undefined) return fallback as T;
      const message = problemOf(value);
      if (message === undefined) return value as T;
      issues.push({ path, message });
      return fallback as T;
    },
  };
}
