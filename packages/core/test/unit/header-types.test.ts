import type { Static, TSchema } from 'typebox';
import { describe, expectTypeOf, test } from 'vitest';
import type { EventHeaders, LifecycleHeaders, UserspaceHeaders } from '../../src/index.js';
import type { headerSchemasOf } from '../../src/wire/headers/header-schemas.js';

// The types of headers are written out beside their schemas, so that a program that loads them does not load TypeBox's types too.

type Schemas = ReturnType<typeof headerSchemasOf>;

/** What a header schema says, in the words of a library that reads schemas. */
type Said<Kind extends keyof Schemas> = {
  readonly [Name in keyof Schemas[Kind]['properties']]: Schemas[Kind]['properties'][Name] extends infer S extends
    TSchema
    ? Static<S>
    : never;
};

describe('the types of headers say what their schemas say', () => {
  test('of requests and responses, whose state is spelled by the wire', () => {
    expectTypeOf<Omit<Said<'userspace'>, 'state'>>().toEqualTypeOf<
      Omit<UserspaceHeaders, 'state' | 'hasError'>
    >();
    expectTypeOf<keyof Said<'userspace'>>().toEqualTypeOf<Exclude<keyof UserspaceHeaders, 'hasError'>>();
  });

  test('of events', () => {
    expectTypeOf<Said<'event'>>().toEqualTypeOf<EventHeaders>();
  });

  test('of lifecycle messages', () => {
    expectTypeOf<Said<'lifecycle'>>().toEqualTypeOf<LifecycleHeaders>();
  });
});
