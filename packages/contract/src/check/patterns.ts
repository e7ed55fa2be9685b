import { translatePattern } from './translate-pattern.js';

const LARGEST_CACHE = 500;
const compiled = new Map<string, RegExp | undefined>();

/** Whether what a pattern says can be checked. Patterns may come from Python, and one of them must not stop a program. */
export function canBeChecked(pattern: string): boolean {
  return expressionOf(pattern) !== undefined;
}

/** The pattern of a schema as an expression with the meaning that it has for the reference. Every text fits one that can't be checked. */
export function compilePattern(pattern: string): RegExp {
  return expressionOf(pattern) ?? /(?:)/u;
}

function expressionOf(pattern: string): RegExp | undefined {
  if (compiled.has(pattern)) return compiled.get(pattern);
  const expression = compile(pattern);
  if (compiled.size >= LARGEST_CACHE) compiled.clear();
  compiled.set(pattern, expression);
  return expression;
}

function compile(pattern: string): RegExp | undefined {
  const translated = translatePattern(pattern);
  if (!translated) return undefined;
  try {
    return new RegExp(translated.source, translated.flags);
  } catch {
    return undefined;
  }
}
