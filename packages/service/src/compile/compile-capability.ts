import {
  isBinary,
  isStreamSchema,
  readCapabilityDeclaration,
  readEventDeclaration,
  readOperationDeclaration,
  readStatusDeclaration,
  streamedHandlerOf,
} from '@intersect-sdk/contract/internal';
import type { CapabilityDeclaration } from '@intersect-sdk/contract/plain';
import { didYouMean, FieldReader, isCapabilityName, isEventName } from '@intersect-sdk/core/internal';
import type { CompileOptions } from '@intersect-sdk/schema';
import { Semaphore } from '../serve/limits/semaphore.js';
import { compilePayload, type Place } from './compile-payload.js';
import type { CompiledCapability, CompiledEvent, CompiledOperation, CompiledStatus } from './compiled.js';
import { isOnlyNull } from './schema-problems.js';

const FUNCTION_NAME = /^[A-Za-z_]\w{0,254}$/;
const FUNCTION_HINT =
  "must be letters, digits and '_', not start with a digit, and have at most 255 characters";
const NAME_HINT =
  "must be letters, digits and '_', start with a letter or digit, and have at most 255 characters";

/** The code of a capability: functions by name. */
export type Code = Readonly<Record<string, unknown>>;

interface Surroundings extends Place {
  readonly capability: string;
  /** Absent: only the declaration is checked and the operations can't be run. */
  readonly code: Code | undefined;
  /** The types that its schemas name. */
  readonly definitions: CompileOptions['definitions'];
  /** How many of its operations run at once. */
  readonly limit: number;
  readonly shared: Semaphore;
}

/** Compiles one capability. Adds every problem; use the result only if none was added. */
export function compileCapability(
  declaration: CapabilityDeclaration,
  code: Code | undefined,
  { path, issues }: Place,
): CompiledCapability {
  const reader = new FieldReader(declaration, issues, path);
  const given = readCapabilityDeclaration(reader);
  const { name, concurrency: limit, status } = given;
  if (name && !isCapabilityName(name)) reader.addIssue('name', NAME_HINT);
  reader.rejectUnknown();
  const definitions = Object.fromEntries(
    entriesOf(given.definitions, reader.at('definitions')),
  ) as CompileOptions['definitions'];
  const shared = new Semaphore(limit);
  const around: Surroundings = { capability: name, path, issues, code, definitions, limit, shared };
  const before = issues.length;
  const operations = entriesOf(given.operations, reader.at('operations')).map((entry) =>
    compileOperation(entry, around),
  );
  const events = new Map(
    entriesOf(given.events, reader.at('events')).map((entry) => compileEvent(entry, around)),
  );
  if (operations.length === 0 && events.size === 0 && status === undefined && issues.length === before) {
    issues.push({ path, message: 'declares neither an operation, nor an event, nor a status' });
  }
  if (status === undefined) return { name, operations, events, status: undefined };
  const compiled = compileStatus(status, around);
  if (operations.some(({ fullName }) => fullName === compiled.asOperation.fullName)) {
    issues.push({ path: `${path}.status.name`, message: 'is the name of an operation too; choose another' });
  }
  return { name, operations: [...operations, compiled.asOperation], events, status: compiled.status };
}

function compileOperation([name, value]: [string, unknown], around: Surroundings): CompiledOperation {
  const { capability, issues } = around;
  const reader = new FieldReader(value, issues, `${around.path}.operations.${name}`);
  const { path } = reader;
  if (!FUNCTION_NAME.test(name)) issues.push({ path, message: `its name ${FUNCTION_HINT}` });
  const declared = readOperationDeclaration(reader);
  reader.rejectUnknown();
  const { definitions } = around;
  const payloadOf = (field: 'request' | 'response', mode: CompileOptions['mode']) => {
    const schema = declared[field];
    return schema === undefined
      ? undefined
      : compilePayload(schema, { mode, definitions }, { path: reader.pathOf(field), issues });
  };
  const { response } = declared;
  if (isStreamSchema(response) && isBinary(response.items)) {
    const message =
      'must be JSON, as all items of a stream are; give bytes as one answer, which may come as a stream of bytes';
    issues.push({ path: `${reader.pathOf('response')}.items`, message });
  }
  const { concurrency: limit, responseDataHandler: answerDataHandler, ignoreKeys, timeLimitMs } = declared;
  const mayOverlap = limit !== undefined && limit > around.limit;
  const takesStream = streamedHandlerOf(around.code?.[name]) !== undefined;
  if (takesStream && !isBinary(declared.request)) {
    const message = 'has a handler made by streamed(...), which needs a request that is Binary(...)';
    issues.push({ path, message });
  }
  return {
    capability,
    fullName: `${capability}.${name}`,
    argument: payloadOf('request', declared.validation),
    answer: payloadOf('response', 'exact'),
    // What is wrong with it was said of the whole answer.
    item: isStreamSchema(response)
      ? compilePayload(response.items, { mode: 'exact', definitions }, { path: '', issues: [] })
      : undefined,
    answerDataHandler,
    storesStreams: reader.raw('responseDataHandler') === undefined,
    ignoreKeys,
    isStatus: false,
    shared: mayOverlap ? undefined : around.shared,
    slots: limit === undefined ? undefined : new Semaphore(limit),
    timeLimitMs,
    takesStream,
    run: functionOf(name, around.code, { path, issues }),
  };
}

function compileEvent([name, value]: [string, unknown], around: Surroundings): [string, CompiledEvent] {
  const { issues, definitions } = around;
  const reader = new FieldReader(value, issues, `${around.path}.events.${name}`);
  if (!isEventName(name)) issues.push({ path: reader.path, message: `its name ${NAME_HINT}` });
  const { schema, dataHandler } = readEventDeclaration(reader);
  reader.rejectUnknown();
  const payload = compilePayload(
    schema,
    { mode: 'exact', definitions },
    { path: reader.pathOf('schema'), issues },
  );
  return [name, { payload, dataHandler }];
}

function compileStatus(
  value: unknown,
  { capability, code, definitions, issues, path }: Surroundings,
): { readonly status: CompiledStatus; readonly asOperation: CompiledOperation } {
  const reader = new FieldReader(value, issues, `${path}.status`);
  const { name: given, schema } = readStatusDeclaration(reader);
  reader.rejectUnknown();
  const name = typeof given === 'string' ? given : '';
  // A contract made of a document does not know the name; without code nobody needs it.
  const isNeeded = code !== undefined || given !== null;
  if (isNeeded && !FUNCTION_NAME.test(name)) reader.addIssue('name', FUNCTION_HINT);
  if (isBinary(schema)) reader.addIssue('schema', 'must be JSON; a status cannot be binary');
  if (isOnlyNull(schema, { ...(schema as object), components: { schemas: definitions } })) {
    reader.addIssue(
      'schema',
      'must be more than null, which is what goes out when the status function fails',
    );
  }
  const answer = compilePayload(
    schema,
    { mode: 'exact', definitions },
    { path: reader.pathOf('schema'), issues },
  );
  const run = functionOf(name, code, { path: reader.path, issues });
  const asOperation: CompiledOperation = {
    capability,
    fullName: `${capability}.${name}`,
    argument: undefined,
    answer,
    item: undefined,
    answerDataHandler: 'MESSAGE',
    storesStreams: false,
    takesStream: false,
    ignoreKeys: [],
    isStatus: true,
    shared: undefined,
    slots: undefined,
    timeLimitMs: undefined,
    run,
  };
  return { status: { capability, payload: answer, read: () => run(undefined, undefined) }, asOperation };
}

function functionOf(name: string, code: Code | undefined, { path, issues }: Place): CompiledOperation['run'] {
  if (!code) return () => undefined;
  const streamed = streamedHandlerOf(code[name]);
  if (streamed)
    return (argument, context) => streamed.call(code, argument as ReadableStream<Uint8Array>, context);
  if (typeof code[name] !== 'function') {
    const meant = didYouMean(name, functionsOf(code));
    issues.push({ path, message: `the implementation has no function '${name}'${meant && `; ${meant}`}` });
  }
  // Looked up at each call, and called as a method: the implementation may be an object with a state.
  return (argument, context) => (code as Record<string, CompiledOperation['run']>)[name]?.(argument, context);
}

/** The names of an object's functions, and of its class's. */
function functionsOf(code: Code): string[] {
  const names: string[] = [];
  for (let at: object | null = code; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    const described = Object.entries(Object.getOwnPropertyDescriptors(at));
    names.push(...described.filter(([, { value }]) => typeof value === 'function').map(([name]) => name));
  }
  return names.filter((name) => name !== 'constructor');
}

function entriesOf(value: unknown, { path, issues }: Place): [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  issues.push({ path, message: 'must be an object with a declaration for each name' });
  return [];
}
