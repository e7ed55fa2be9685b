import { isIntersectError, RequestError } from '@intersect-sdk/core';
import {
  ASK_HEADER,
  abortSignal,
  custom,
  kindOf,
  ms,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  untilAborted,
  type Wire,
  within,
} from '@intersect-sdk/core/internal';
import type { Requester } from '../ask/requester.js';
import { checkServiceAddress, coreRequest } from './core-request.js';
import { type DescribedService, type DescriptionSource, described } from './description.js';
import type { NextTold } from './next-told.js';
import { toldPayloadOf } from './told-message.js';

const DESCRIBE_OPTIONS = {
  /**
   * How long to wait, in ms. A service that does not answer tells its schema by itself when it starts and then in intervals, of 300 s unless
   * it is set up otherwise.
   * @default the `requestTimeoutMs` of the client or service, 300000 if it says none
   */
  timeoutMs: ms(),
  /**
   * Ends the wait with ABORTED.
   * @default none
   */
  signal: abortSignal(),
  /**
   * What else may know the service, such as a directory or its store on disk; asked in this order where the service itself does not answer
   * with its schema.
   * @default []
   */
  sources: custom<readonly DescriptionSource[], readonly DescriptionSource[]>({
    read({ value, path, issues }) {
      if (value === undefined) return [];
      if (!Array.isArray(value)) {
        issues.push({ path, message: `must be a list, got ${kindOf(value)}` });
        return [];
      }
      value.forEach((source: Partial<DescriptionSource> | null | undefined, index) => {
        if (typeof source?.find === 'function') return;
        issues.push({ path: `${path}[${index}]`, message: 'must have a function find' });
      });
      return value as readonly DescriptionSource[];
    },
  }),
} satisfies OptionTable;

/** How to learn what a service can do. */
export interface DescribeOptions extends Named, OptionsOf<typeof DESCRIBE_OPTIONS> {}

export interface DescribePlace {
  readonly wire: Wire;
  /** The requester of the current run; throws NOT_CONNECTED outside a run. */
  readonly requester: () => Requester;
  /** Listens for the next message of a service that tells its schema, until the signal aborts. */
  readonly nextTold: NextTold;
  /** Where the options say none. */
  readonly timeoutMs: number;
}

/** How long the service itself is waited for before the sources are asked. */
const SERVICE_FIRST_MS = 2_000;

/** Never resolves. */
const NEVER = new Promise<never>(() => {});

/**
 * What a service can do: as it says itself, or as a source knows it, or as it tells next by itself. Throws ConfigError, UNROUTABLE where
 * nobody is there and no source knows it, REQUEST_TIMEOUT, ABORTED.
 */
export async function describeService(
  address: string,
  given: DescribeOptions,
  place: DescribePlace,
): Promise<DescribedService> {
  const { wire } = place;
  const options = readOptions('The service cannot be described', given, (fields) => {
    checkServiceAddress(fields, address, wire);
    return readTable(fields, DESCRIBE_OPTIONS);
  });
  const { timeoutMs = place.timeoutMs, sources } = options;
  const done = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, done.signal]) : done.signal;
  const work = async (): Promise<DescribedService> => {
    // Begun first, so that what the service tells meanwhile is not missed.
    const told = place.nextTold(address, signal).then((known) => described(address, 'lifecycle', known));
    const asked = askForSchema(address, { timeoutMs, signal }, place);
    const itself = asked.then((answer) => answer ?? NEVER);
    told.catch(() => {});
    itself.catch(() => {});
    let failure: unknown;
    if (sources.length > 0) {
      const first = await firstWithin(Promise.race([asked, told]), SERVICE_FIRST_MS);
      if (first) return first;
      const known = await findIn(sources, address, signal).catch((error: unknown) => {
        failure = error;
        return undefined;
      });
      if (known) return known;
    }
    return Promise.race([itself, told]).catch((error: unknown) => {
      if (failure !== undefined && error instanceof Error) error.cause ??= failure;
      throw error;
    });
  };
  try {
    const working = untilAborted(work(), `The wait for the description of ${address}`, options.signal);
    return await within(working, timeoutMs, () => lateError(address, timeoutMs));
  } finally {
    done.abort();
  }
}

interface Waiting {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What the service itself says; undefined where it answers without its schema, or not in time. Rejects where nobody is there. */
async function askForSchema(
  address: string,
  { timeoutMs, signal }: Waiting,
  { requester }: DescribePlace,
): Promise<DescribedService | undefined> {
  const headers = { [ASK_HEADER]: 'schema' };
  try {
    const options = { timeoutMs, signal, headers, expires: true };
    const { payload, receivedAtMs } = await requester().request(coreRequest(address), options);
    const told = toldPayloadOf(payload);
    if (!told?.schema) return undefined;
    const { schema, statuses } = told;
    return described(address, 'service', { schema, statuses, toldAtMs: receivedAtMs });
  } catch (error) {
    if (isIntersectError(error) && NO_SCHEMA.has(error.code)) return undefined;
    throw error;
  }
}

/** Codes of errors after which the service can still tell by itself. */
const NO_SCHEMA = new Set(['REMOTE_ERROR', 'VERSION_INCOMPATIBLE', 'PAYLOAD_INVALID', 'REQUEST_TIMEOUT']);

async function findIn(
  sources: readonly DescriptionSource[],
  address: string,
  signal: AbortSignal,
): Promise<DescribedService | undefined> {
  let failure: unknown;
  for (const source of sources) {
    try {
      const known = await source.find(address, { signal });
      if (known) return described(address, 'source', { ...known, source: source.name });
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

/** What comes first; undefined where nothing does in time, or where it fails. */
async function firstWithin<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  return within(promise, timeoutMs, () => new Error('late')).catch(() => undefined);
}

function lateError(address: string, timeoutMs: number): RequestError {
  const text = [
    `${address} did not say within ${timeoutMs} ms what it can do.`,
    'Services that cannot be asked tell it when they start and then in intervals, of 300 s unless they are set up otherwise:',
    'wait longer, or name a directory or a store that knows it in sources.',
  ].join(' ');
  return new RequestError('REQUEST_TIMEOUT', text, {
    requestId: '',
    destination: address,
    operation: '',
    mayHaveRun: false,
  });
}
