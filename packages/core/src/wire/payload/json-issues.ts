import type { Issue } from '../../errors/errors.js';

const KINDS: Readonly<Record<string, string>> = {
  function: 'is a function, which JSON cannot carry',
  symbol: 'is a symbol, which JSON cannot carry',
  undefined: 'is undefined, which JSON cannot carry here; give null',
};

const MANY = 20;

/** What a value is like that is to become JSON. */
export interface JsonFitness {
  /** Every reason why it would not survive, with the path to it, at most the first 20. */
  readonly issues: readonly Issue[];
  /** Whether there are bigints in it, which `JSON.stringify` refuses. */
  readonly hasBigIntegers: boolean;
}

/**
 * Whether a value survives as JSON. Fields that are undefined are fine: they are left out. So are objects with `toJSON`, judged by what it
 * returns, and bigints that are finite as numbers.
 */
export function jsonFitness(value: unknown, maxDepth: number): JsonFitness {
  if (typeof value === 'string') return { issues: [], hasBigIntegers: false };
  const issues: Issue[] = [];
  let hasBigIntegers = false;
  const ancestors: object[] = [];

  const refuse = (path: string, message: string): void => {
    if (issues.length < MANY) issues.push({ path, message });
  };

  const visit = (item: unknown, path: string): void => {
    if (item === null || typeof item === 'string' || typeof item === 'boolean') return;
    if (typeof item === 'number') {
      if (!Number.isFinite(item)) refuse(path, `is ${item}, which JSON cannot carry; give null`);
      return;
    }
    if (typeof item === 'bigint') {
      hasBigIntegers = true;
      if (!Number.isFinite(Number(item)))
        refuse(path, 'is a whole number beyond 1.8e308, which is not read; give a string');
      return;
    }
    if (typeof item !== 'object') {
      refuse(path, KINDS[typeof item] ?? 'cannot be carried as JSON');
      return;
    }
    if (ancestors.includes(item)) {
      refuse(path, 'refers back to an object that contains it');
      return;
    }
    if (ancestors.length >= maxDepth) {
      refuse(path, `is nested deeper than ${maxDepth} levels`);
      return;
    }
    ancestors.push(item);
    visitObject(item, path);
    ancestors.pop();
  };

  const visitObject = (item: object, path: string): void => {
    if (item instanceof Date && Number.isNaN(item.getTime())) {
      refuse(path, 'is an invalid Date');
    } else if ('toJSON' in item && typeof item.toJSON === 'function') {
      visit(item.toJSON(path), path);
    } else if (Array.isArray(item)) {
      for (let index = 0; index < item.length; index++) visit(item[index], `${path}[${index}]`);
    } else if (ArrayBuffer.isView(item)) {
      refuse(path, 'is bytes, which JSON cannot carry; send bytes alone under another content type');
    } else if (isUnreadable(item)) {
      refuse(path, `is a ${nameOf(item)}, which JSON would turn into {}; give a plain object or list`);
    } else {
      for (const [key, field] of Object.entries(item)) {
        if (field !== undefined) visit(field, fieldPath(path, key));
      }
    }
  };

  visit(value, '');
  return { issues, hasBigIntegers };
}

/** The path to a field of what is at `path`. */
export function fieldPath(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}

// Map, Set, Promise, Error and the like: what they hold is not in fields that JSON would see.
function isUnreadable(item: object): boolean {
  if (item instanceof Error || item instanceof Map || item instanceof Set) return true;
  const prototype: unknown = Object.getPrototypeOf(item);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  const isBoxed = item instanceof Number || item instanceof String || item instanceof Boolean;
  return !isPlain && !isBoxed && Object.keys(item).length === 0;
}

function nameOf(item: object): string {
  const name: unknown = item.constructor?.name;
  return typeof name === 'string' && /^\w{1,40}$/.test(name) ? name : 'special object';
}
