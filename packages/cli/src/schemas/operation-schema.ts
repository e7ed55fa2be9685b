import { type Check, isStreamSchema, makeCheck, prepareSchema } from '@intersect-sdk/contract/internal';
import { DEFAULT_CONTENT_TYPE, didYouMean } from '@intersect-sdk/core/internal';
import { type PayloadDescription, readServiceSchema } from '@intersect-sdk/schema/document';

/** What a schema document says of one operation. */
export interface OperationSchema {
  /** What the argument travels as. */
  readonly contentType: string;
  /** Undefined: the operation takes nothing. */
  readonly request: PayloadDescription | undefined;
  /** Whether a request without an argument is right. */
  readonly mayBeLeftOut: boolean;
  /** Of an argument that is JSON. */
  readonly check: Check;
  /** Whether the items of its answer can be had one by one. */
  readonly isStream: boolean;
}

/** The document has no such operation, as far as one can see. A status can be asked for all the same. */
export interface UnknownOperation {
  /** The end of a sentence: what was meant perhaps. */
  readonly hint: string;
}

/** Throws MessageError or ConfigError for a document that can't be read. */
export function operationSchemaOf(document: unknown, operation: string): OperationSchema | UnknownOperation {
  const { capabilities, definitions } = readServiceSchema(document);
  const named = capabilities.flatMap(({ name, operations }) =>
    operations.map((each) => ({ fullName: `${name}.${each.name}`, ...each })),
  );
  const found = named.find(({ fullName }) => fullName === operation);
  if (!found)
    return {
      hint: didYouMean(
        operation,
        named.map(({ fullName }) => fullName),
      ),
    };
  const { request } = found;
  const isStream = isStreamSchema(found.response.schema);
  if (!request) {
    return { contentType: DEFAULT_CONTENT_TYPE, request, mayBeLeftOut: true, check: takeNothing, isStream };
  }
  const { schema, contentType } = request;
  if (contentType !== DEFAULT_CONTENT_TYPE) {
    return { contentType, request, mayBeLeftOut: true, check: (value) => ({ ok: true, value }), isStream };
  }
  const check = makeCheck(prepareSchema(schema, { definitions }));
  const hasDefault = typeof schema === 'object' && Object.hasOwn(schema, 'default');
  return { contentType, request, mayBeLeftOut: hasDefault || check(null).ok, check, isStream };
}

const takeNothing: Check = () => ({
  ok: false,
  issues: [{ path: '', message: 'must be left out: the operation takes nothing' }],
});
