import { ConfigError, type Issue, PublishError, type WireMessage } from '@intersect-sdk/core';
import {
  abortedError,
  channelProblem,
  FieldReader,
  isWildcardChannel,
  kindOf,
} from '@intersect-sdk/core/internal';
import {
  checkPublishOptions,
  isUsualPublish,
  type PublishOptions,
  resolveSubscribeOptions,
  type SubscribeOptions,
} from '../call-options.js';

/** Why this publish must not be tried; undefined when it may. */
export function publishProblem(
  message: WireMessage,
  options: PublishOptions,
  maxPayloadBytes: number | undefined,
): Error | undefined {
  const isPlain = isMessage(message) && isPlainChannel(message.channel);
  if (!isPlain || !isUsualPublish(options)) {
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
      [
        `The message to ${channel} has ${payload.byteLength} bytes; this broker accepts ${maxPayloadBytes}.`,
        "Send large data through a data store (data handler MINIO), or raise the broker's limit.",
      ].join(' '),
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
  const { signal } = resolveSubscribeOptions(options, issues);
  if (issues.length > 0) return new ConfigError('The subscription cannot be made', issues);
  return signal?.aborted ? abortedError(`Subscribing to ${channel}`, signal) : undefined;
}

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
