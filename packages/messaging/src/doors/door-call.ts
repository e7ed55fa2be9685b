import type { OperationContract } from '@intersect-sdk/contract/plain';
import { ConfigError, encodePayload, type Issue, ValidationError } from '@intersect-sdk/core';
import {
  DEFAULT_CONTENT_TYPE,
  FieldReader,
  isDataSource,
  kindOf,
  type Response,
  type StreamedResponse,
  unknownField,
} from '@intersect-sdk/core/internal';
import { type CheckedCall, mayRepeat, READ_ONCE } from '../ask/asker.js';
import { readCheckedRequestOptions } from '../ask/parameters.js';
import { type CheckMode, readCheckMode } from './check-mode.js';
import { encodeArgument } from './contract-check.js';
import type { DoorPlace } from './door-environment.js';
import { judge } from './verdict.js';

/** What is called, as the caller gave it. */
export interface GivenCall {
  readonly operation: string;
  readonly argument: unknown;
  readonly options: unknown;
}

/** Calls an operation by its contract; the data of the answer are still to be read, so that only their content type is judged. */
export async function callForBytes(given: GivenCall, place: DoorPlace): Promise<StreamedResponse> {
  const declared = operationOf(given.operation, place);
  const { call, check } = checkDoorCall(given, declared, place);
  const response = await place.asker.sendForBytes(call);
  const { operation, source, requestId, headers, contentType } = response;
  const wanted = declared.answer?.contentType;
  if (check !== 'none' && contentType !== wanted) {
    const message = `must have the content type ${wanted}, got ${contentType}`;
    const what = `The answer of ${source} to ${operation} does not fit the contract`;
    const error = new ValidationError(what, [{ path: '', message }], { mayHaveRun: true });
    if (check === 'both') {
      await response.body.cancel(error);
      throw error;
    }
    place.observers.report({
      kind: 'contract-broken',
      operation,
      source,
      requestId,
      messageId: headers.messageId,
      error,
    });
  }
  return response;
}

/** Calls an operation by its contract. */
export async function callOperation(given: GivenCall, place: DoorPlace): Promise<Response> {
  const declared = operationOf(given.operation, place);
  const { call, check } = checkDoorCall(given, declared, place);
  if (check !== 'none' && declared.argument && given.argument !== undefined) {
    const about = { operation: call.request.operation, destination: place.address };
    place.unchecked.tell({ part: 'argument', contract: declared.argument, about });
  }
  const response = await place.asker.send(call);
  const { operation, source, requestId, headers } = response;
  judge(
    {
      part: 'answer',
      arrived: response,
      contract: declared.answer,
      what: `The answer of ${source} to ${operation}`,
      about: { operation, source, requestId, messageId: headers.messageId },
    },
    { check, observers: place.observers, unchecked: place.unchecked },
  );
  return response;
}

/** Throws ConfigError for an operation that the contract does not declare. */
export function operationOf(name: string, { contract, name: capability }: DoorPlace): OperationContract {
  const declared = contract.operation(name);
  if (declared) return declared;
  const known = Object.keys(contract.declaration.operations ?? {});
  const message = `${unknownField(String(name), known, 'operation')}`;
  throw new ConfigError(`The operation of ${capability} cannot be called`, [{ path: String(name), message }]);
}

const NOTHING = encodePayload(null, DEFAULT_CONTENT_TYPE);

/** Null is what is sent for no argument. Anything else would be lost silently. */
function noArgument(argument: unknown): ReturnType<typeof encodeArgument> {
  if (argument === undefined || argument === null) return { payload: NOTHING };
  const message = `must be left out, since the operation takes none, got ${kindOf(argument)}`;
  return { issues: [{ path: '', message }] };
}

/** Throws ConfigError, or ValidationError where only the argument is wrong, with every problem. */
export function checkDoorCall(
  { operation, argument, options: given }: GivenCall,
  { argument: declared, isIdempotent }: OperationContract,
  { wire, canStore, address, name, check: usual }: DoorPlace,
): { readonly call: CheckedCall; readonly check: CheckMode } {
  const issues: Issue[] = [];
  const read = new FieldReader(given ?? {}, issues);
  const check = readCheckMode(read, usual);
  const options = readCheckedRequestOptions(read, wire);
  const idempotent = read.raw('idempotent') === undefined ? isIdempotent : options.idempotent;
  read.rejectUnknown();
  const fullName = `${name}.${operation}`;
  const body = declared?.isBinary && isDataSource(argument) ? argument : undefined;
  const encoded = declared
    ? body
      ? { payload: NOTHING }
      : encodeArgument(argument, declared, check !== 'none')
    : noArgument(argument);
  const wrong = encoded.issues ?? [];
  if (!mayRepeat(options, body)) issues.push(READ_ONCE);
  if (issues.length > 0) {
    const inArgument = wrong.map(({ path, message }) => ({
      path: path ? `argument.${path}` : 'argument',
      message,
    }));
    throw new ConfigError(`${fullName} cannot be called`, [...issues, ...inArgument]);
  }
  if (!encoded.payload) {
    throw new ValidationError(`The argument of ${fullName} does not fit the contract`, wrong);
  }
  const request = {
    destination: address,
    operation: fullName,
    contentType: declared?.contentType ?? DEFAULT_CONTENT_TYPE,
    dataHandler: body && canStore ? 'MINIO' : 'MESSAGE',
    payload: encoded.payload,
    body,
  } as const;
  return { call: { request, options: { ...options, idempotent } }, check };
}
