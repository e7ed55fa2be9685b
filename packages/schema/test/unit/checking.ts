import type { ConfigError } from '@intersect-sdk/core';
import { expect } from 'vitest';
import { type CompileOptions, compileCheck, type JsonSchema } from '../../src/index.js';

/** What a check says of a value, as `path: message`; nothing if it fits. */
export function issuesOf(schema: JsonSchema, value: unknown, options: CompileOptions = {}): string[] {
  const result = compileCheck(schema, options)(value);
  return result.ok ? [] : result.issues.map(({ path, message }) => `${path}: ${message}`);
}

/** What is wrong with a schema, as `path: message`; nothing if it can be used. */
export function refusalOf(schema: JsonSchema, options: CompileOptions = {}): readonly string[] {
  try {
    compileCheck(schema, options);
  } catch (error) {
    expect((error as ConfigError).code).toBe('CONFIG_INVALID');
    return (error as ConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}
