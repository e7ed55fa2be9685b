import { ConfigError, type Issue, PublishError, type WireMessage } from '@intersect-sdk/core';
import {
  abortedError,
  channelProblem,
  FieldReader,
  isWildcardChannel,
  kindOf,
  LONGEST_TIMER_MS,
  throwConfigError,
} from '@intersect-sdk/core/internal';
import type { PublishOptions, SubscribeOptions } from '../contract.js';

/** Why this publish must not be tried; undefined when it may. */
export function publishProblem(
  message: WireMessage,
  options: PublishOptions,
  maxPayloadBytes: number | undefined,
): Error | undefined {
  const isPlain = isMessage(message) && isPlainChannel(message.channel);
  if (!isPlain || !isUsual(options)) {
    const issues: Issue[] = [];
    if (!isPlain) checkMessage(message, issues);
    checkPublishOptions(options, issues);
    if (issues.length > 0) return new ConfigError('The message cannot be published', issues);
  }
  const { channel, payload } = message;
  if (options.signal?.aborted) return abortedError(`Publishing to ${channel}`, options.signal);
  if (maxPayloadBytes !== undefined && payload.byteLength > maxPayloadBytes) {
    return new PublishError(
      'PAYLOAD_TOO_LARGE',
      `The message to ${channel} has ${payload.byteLength} bytes; this broker accepts ${maxPayloadBytes}. Send large data through a data store (data handler MINIO, or offloadAboveBytes for all above a size), or raise the broker's limit.`,
    );
  }
  return undefined;
}

/** Why this subscription must not be tried; undefined when it may. */
export function subscribeProblem(
  channel: string,
  handler: unknown,
  options: SubscribeOptions,
): Error | undefined {
  const issues: Issue[] = [];
  const problem =
    typeof channel === 'string' ? channelProblem(channel) : `must be a string, got ${kindOf(channel)}`;
  if (problem) issues.push({ path: 'channel', message: problem });
  if (typeof handler !== 'function') {
    issues.push({ path: 'handler', message: `must be a function, got ${kindOf(handler)}` });
  }
  const read = new FieldReader(options, issues);
  read.text('retention', undefined, { oneOf: ['none', 'session', 'durable'] });
  read.number('concurrency', undefined, { min: 1, max: 65_535, integer: true });
  checkListener(read);
  const signal = read.signal('signal');
  read.rejectUnknown();
  if (issues.length > 0) return new ConfigError('The subscription cannot be made', issues);
  return signal?.aborted ? abortedError(`Subscribing to ${channel}`, signal) : undefined;
}

/** Throws ConfigError with every problem. */
export function checkConnectOptions(options: unknown): void {
  const issues: Issue[] = [];
  const read = new FieldReader(options, issues);
  read.signal('signal');
  read.boolean('retry', false);
  const session = read.raw('session');
  if (session !== undefined) {
    const fields = new FieldReader(session, issues, read.pathOf('session'));
    fields.requiredText('id', { minLength: 1 });
    fields.number('keepForMs', undefined, { min: 0 });
    fields.boolean('keepAfterClose', false);
    for (const name of fields.isObject ? ['keepForMs', 'keepAfterClose'] : []) {
      if (fields.raw(name) === undefined) fields.addIssue(name, 'is required');
    }
    fields.rejectUnknown();
  }
  read.rejectUnknown();
  throwConfigError('The transport cannot be connected', issues);
}

/** Throws ConfigError with every problem. */
export function checkDrainOptions(options: unknown): void {
  const issues: Issue[] = [];
  const read = new FieldReader(options, issues);
  read.number('timeoutMs', undefined, { min: 0, max: LONGEST_TIMER_MS });
  read.rejectUnknown();
  throwConfigError('The transport cannot be drained', issues);
}

function checkListener(read: FieldReader): void {
  const given = read.raw('listener');
  if (given === undefined) return;
  const fields = new FieldReader(given, read.issues, read.pathOf('listener'));
  fields.requiredText('address', { minLength: 1 });
  fields.number('keepForMs', undefined, { min: 1 });
  if (fields.raw('keepForMs') === undefined) fields.addIssue('keepForMs', 'is required');
  fields.rejectUnknown();
}

const PUBLISH_OPTIONS: ReadonlySet<string> = new Set<keyof PublishOptions>([
  'durable',
  'mustRoute',
  'timeoutMs',
  'signal',
  'stillWanted',
  'onHandedOver',
  'whenBusy',
  'onBusy',
]);

/** True when the message needs no detailed check. Runs for every message, so it allocates nothing. */
function isMessage(message: WireMessage): boolean {
  if (typeof message !== 'object' || message === null) return false;
  const { channel, payload, contentType, headers } = message;
  if (typeof channel !== 'string' || typeof contentType !== 'string') return false;
  if (!(payload instanceof Uint8Array) || typeof headers !== 'object' || headers === null) return false;
  for (const name in headers) if (typeof headers[name] !== 'string') return false;
  return true;
}

function isPlainChannel(channel: string): boolean {
  return !isWildcardChannel(channel) && channelProblem(channel) === undefined;
}

function checkMessage(message: unknown, issues: Issue[]): void {
  const read = new FieldReader(message, issues);
  if (!read.isObject) return;
  const channel = read.requiredText('channel', { minLength: 1 });
  const problem = isWildcardChannel(channel) ? 'must not hold * or #' : channel && channelProblem(channel);
  if (problem) read.addIssue('channel', problem);
  const payload = read.raw('payload');
  if (!(payload instanceof Uint8Array)) {
    read.addIssue('payload', `must be a Uint8Array, got ${kindOf(payload)}`);
  }
  read.requiredText('contentType');
  const given = read.raw('headers');
  const headers = new FieldReader(given, issues, 'headers');
  for (const name of headers.isObject ? Object.keys(given as object) : []) headers.requiredText(name);
}

/** True when the options need no detailed check. Runs for every message, so it allocates nothing. */
function isUsual(options: PublishOptions): boolean {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return false;
  for (const name in options) if (!PUBLISH_OPTIONS.has(name)) return false;
  const { timeoutMs, signal, durable, mustRoute, stillWanted, onHandedOver, whenBusy, onBusy } = options;
  return (
    (timeoutMs === undefined ||
      (typeof timeoutMs === 'number' && timeoutMs >= 1 && timeoutMs <= LONGEST_TIMER_MS)) &&
    (signal === undefined ||
      (typeof signal?.aborted === 'boolean' && typeof signal.addEventListener === 'function')) &&
    (durable === undefined || typeof durable === 'boolean') &&
    (mustRoute === undefined || typeof mustRoute === 'boolean') &&
    (stillWanted === undefined || typeof stillWanted === 'function') &&
    (onHandedOver === undefined || typeof onHandedOver === 'function') &&
    (whenBusy === undefined || whenBusy === 'wait' || whenBusy === 'reject') &&
    (onBusy === undefined || typeof onBusy === 'function')
  );
}

function checkPublishOptions(options: PublishOptions, issues: Issue[]): void {
  const read = new FieldReader(options, issues);
  read.boolean('durable', true);
  read.boolean('mustRoute', false);
  read.number('timeoutMs', undefined, { min: 1, max: LONGEST_TIMER_MS });
  read.signal('signal');
  read.callback('stillWanted');
  read.callback('onHandedOver');
  read.text('whenBusy', undefined, { oneOf: ['wait', 'reject'] });
  read.callback('onBusy');
  read.rejectUnknown();
}
