import {
  type FieldReader,
  furtherHeadersRow,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  type ResolvedOf,
  readTable,
} from '@intersect-sdk/core/internal';

const EMIT_OPTIONS = {
  /**
   * Headers that the event has besides those of the protocol, e.g. `{ traceparent: '00-...' }`. Listeners get them as
   * `event.furtherHeaders`; those of other SDKs ignore them. Names of the protocol and names that begin with `x-intersect-` are
   * refused; at most 32768 bytes.
   * @default {}
   */
  headers: furtherHeadersRow(),
  /**
   * How long brokers keep the event for a listener that does not take it, in ms.
   * @default without an end
   */
  expiresInMs: ms({ max: Number.POSITIVE_INFINITY }),
} satisfies OptionTable;

/** What an event may have besides its value. */
export interface EmitOptions extends Named, OptionsOf<typeof EMIT_OPTIONS> {}
export interface GivenEmitOptions extends Named, ResolvedOf<typeof EMIT_OPTIONS> {}

/** Reads the options of an event; of the headers only the wire knows whether they may be sent. */
export function readEmitOptions(fields: FieldReader): GivenEmitOptions {
  return readTable(fields, EMIT_OPTIONS);
}
