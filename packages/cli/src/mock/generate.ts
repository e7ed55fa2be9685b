import { createHash } from 'node:crypto';
import { type Check, makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { CapabilityError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE } from '@intersect-sdk/core/internal';
import type { PayloadDescription, ServiceDescription } from '@intersect-sdk/schema/document';
import { generateSync } from 'json-schema-faker';
import { standalone } from '../schemas/standalone.js';

const TRIES = 25;

/** Gives a value at each call, of which the same seed and name give the same ones in the same order. */
export type Generator = () => unknown;

/** Generates values of a payload. None is given that the schema itself would refuse. */
export function generatorOf(
  name: string,
  { schema, contentType }: PayloadDescription,
  { definitions, seed }: Pick<ServiceDescription, 'definitions'> & { readonly seed: number },
): Generator {
  const isJson = contentType === DEFAULT_CONTENT_TYPE;
  const check: Check = isJson
    ? makeCheck(prepareSchema(schema, { definitions }))
    : (value) => ({ ok: true, value });
  const wanted = isJson ? standalone(schema, definitions) : { type: 'string', minLength: 1 };
  let given = 0;
  return () => {
    const turn = given++;
    for (let attempt = 0; attempt < TRIES; attempt++) {
      const value = generateSync(wanted, {
        seed: numberOf(`${seed}:${name}:${turn}:${attempt}`),
        // Fields that may be left out are there, so that whoever looks at an answer sees all that there can be; from the
        // second try on not all of them, since types that hold themselves could not end otherwise.
        alwaysFakeOptionals: attempt === 0,
      });
      if (!check(value).ok) continue;
      return isJson ? value : new TextEncoder().encode(String(value));
    }
    throw new CapabilityError(`No value was found that fits the schema of ${name}.`);
  };
}

function numberOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0);
}
