export type { Check, CheckResult, CompileOptions } from './compile-check.js';
export { compileCheck } from './compile-check.js';
export type { JsonSchema } from './json-schema.js';
