import {
  type EventHeaders,
  type IntersectError,
  type Issue,
  type UserspaceHeaders,
  ValidationError,
} from '@intersect-sdk/core';
import { FieldReader, kindOf, readTable, type Wire } from '@intersect-sdk/core/internal';
import {
  type CheckedRequest,
  CLIENT_CALLBACK_OPTIONS,
  checkDirectMessage,
  checkEventParams,
  type EventParams,
  type IntersectClientCallback,
  type ReadingPlace,
} from '@intersect-sdk/messaging';

/** Return this from a callback to end the conversation; the lifecycle loop then resolves. */
export const stop = 'stop';

/** What a callback may return: what to do next, `stop`, or nothing. */
export type CallbackResult = IntersectClientCallback | typeof stop | null | undefined | void;

/** What is known of a response besides the four arguments of the reference. */
export interface ResponseCallbackDetails {
  readonly requestId: string | undefined;
  readonly campaignId: string;
  /** Absent when no answer came. */
  readonly headers: UserspaceHeaders | undefined;
  /** Headers of the answer beyond those of the protocol, e.g. `traceparent`; empty where it has none. */
  readonly furtherHeaders: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
  /** The answer as it came. Where digits of a whole number were lost, they are here. Absent when no answer came. */
  readonly bytes: Uint8Array | undefined;
  /** In ms since 1970 by this machine's clock. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  /** With `hasError`: why. REMOTE_ERROR when the service said so; any other code when no usable answer came. */
  readonly error: IntersectError | Error | undefined;
}

/** What is known of an event besides the four arguments of the reference. */
export interface EventCallbackDetails {
  readonly headers: EventHeaders;
  /** Headers of the event beyond those of the protocol, e.g. `traceparent`; empty where it has none. */
  readonly furtherHeaders: Readonly<Record<string, string>>;
  readonly contentType: string;
  /** The payload as it came. Where digits of a whole number were lost, they are here. */
  readonly bytes: Uint8Array;
  /** In ms since 1970 by this machine's clock. */
  readonly receivedAtMs: number;
}

/**
 * Called once for each message that was sent: with the answer, or with `hasError` and a sentence as payload,
 * be it the service's own or, when no answer came, the reason. Throwing ends the conversation with that error.
 */
// biome-ignore lint/complexity/useMaxParams: the reference's four arguments, in its order, and the details
export type ResponseCallback = (
  source: string,
  operation: string,
  hasError: boolean,
  payload: unknown,
  details: ResponseCallbackDetails,
) => CallbackResult | Promise<CallbackResult>;

/** Called once for each event listened to, in order. Throwing ends the conversation with that error. */
// biome-ignore lint/complexity/useMaxParams: the reference's four arguments, in its order, and the details
export type EventCallback = (
  source: string,
  capabilityName: string,
  eventName: string,
  payload: unknown,
  details: EventCallbackDetails,
) => CallbackResult | Promise<CallbackResult>;

/** What a client does next, checked, with every payload encoded. */
export interface CheckedCallback {
  readonly send: readonly CheckedRequest[];
  readonly startListening: readonly EventParams[];
  readonly stopListening: readonly EventParams[];
}

/** Reads an untrusted callback object; all problems go to `issues`. */
export function checkCallback(input: unknown, place: ReadingPlace): CheckedCallback {
  const read = new FieldReader(input, place.issues, place.path);
  const given = readTable(read, CLIENT_CALLBACK_OPTIONS);
  const each = <T>(name: keyof typeof given, check: (value: unknown, place: ReadingPlace) => T | undefined) =>
    given[name].flatMap((value, index) => {
      const path = `${read.pathOf(name)}[${index}]`;
      return check(value, { ...place, path }) ?? [];
    });
  const checked = {
    send: each('messagesToSend', checkDirectMessage),
    startListening: each('servicesToStartListeningForEvents', checkEventParams),
    stopListening: each('servicesToStopListeningForEvents', checkEventParams),
  };
  read.rejectUnknown();
  return checked;
}

/** What a callback returned: the next steps, `stop`, or undefined for nothing. Throws ValidationError for anything else. */
export function checkCallbackResult(
  result: unknown,
  { callback, ...around }: { readonly callback: string; readonly wire: Wire; readonly canStore: boolean },
): CheckedCallback | typeof stop | undefined {
  if (result === undefined || result === null) return undefined;
  if (result === stop) return stop;
  const what = `${callback} returned what the client cannot use`;
  if (typeof result !== 'object') {
    const message = `must be nothing, 'stop' or an object of messages and events, got ${kindOf(result)}`;
    throw new ValidationError(what, [{ path: '', message }]);
  }
  const issues: Issue[] = [];
  const checked = checkCallback(result, { ...around, issues });
  if (issues.length > 0) throw new ValidationError(what, issues);
  return checked;
}
