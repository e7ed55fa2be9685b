import type { Issue } from '@intersect-sdk/core';
import type { JsonSchema } from '@intersect-sdk/schema/document';
import { type ErrorSchema, type RJSFSchema, toErrorSchema, type ValidatorType } from '@rjsf/utils';
import { type ArgumentCheck, argumentCheckOf } from './argument-check.js';
import { plainSchemaOf } from './form-schema.js';

const MOST_REMEMBERED = 500;

/** What the form library takes for a validator: the check of the argument as a whole, and of its parts where it chooses a form of a union. */
export function formValidatorOf(check: ArgumentCheck): ValidatorType {
  const remembered = new Map<string, ArgumentCheck>();
  const checkOf = (schema: RJSFSchema, root: RJSFSchema): ArgumentCheck => {
    const key = JSON.stringify(schema);
    const known = remembered.get(key);
    if (known) return known;
    const { schemas = {} } =
      (plainSchemaOf(root) as { components?: { schemas?: Record<string, JsonSchema> } }).components ?? {};
    const made = argumentCheckOf(plainSchemaOf(schema), schemas);
    if (remembered.size < MOST_REMEMBERED) remembered.set(key, made);
    return made;
  };
  return {
    isValid: (schema, data, root) => checkOf(schema, root)(plain(data)).length === 0,
    rawValidation: () => ({ errors: [] }),
    validateFormData(data) {
      const issues = check(plain(data));
      return { errors: issues.map(errorOf), errorSchema: errorsAtFields(issues) };
    },
  };
}

/** The problems as the form shows them beside its fields. */
export function errorsAtFields(issues: readonly Issue[]): ErrorSchema {
  return toErrorSchema(issues.map(errorOf));
}

/** The value that would be sent: fields without a value are none. */
export function plain(data: unknown): unknown {
  if (Array.isArray(data)) return data.map((item) => (item === undefined ? null : plain(item)));
  if (typeof data !== 'object' || data === null || data instanceof Uint8Array) return data;
  return Object.fromEntries(
    Object.entries(data).flatMap(([key, value]) => (value === undefined ? [] : [[key, plain(value)]])),
  );
}

function errorOf({ path, message }: Issue) {
  const property = path === '' || path.startsWith('[') ? path : `.${path}`;
  return { property, message, stack: `${path} ${message}`.trim() };
}
