import { ConfigError, type Issue, PublishError, type WireMessage } from '@intersect-sdk/core';
import {
  abortedError,
  channelProblem,
  FieldReader,
  isWildcardChannel,
  LONGEST_TIMER_MS,
} from '@intersect-sdk/core/internal';
import type { PublishOptions, SubscribeOptions } from '../contract.js';

/** Why this publish must not be tried; undefined when it may. */
export function publishProblem(
  message: WireMessage,
  options: PublishOptions,
  maxPayloadBytes: number | undefined,
): Error | undefined {
  const { channel, payload } = message;
  const problem = isWildcardChannel(channel) ? 'must not hold * or #' : channelProblem(channel);
  if (problem || !isUsual(options)) {
    const issues: Issue[] = problem ? [{ path: 'channel', message: problem }] : [];
    checkPublishOptions(options, issues);
    if (issues.length > 0) return new ConfigError('The message cannot be published', issues);
  }
  if (options.signal?.aborted) return abortedError(`Publishing to ${channel}`, options.signal);
  if (maxPayloadBytes !== undefined && payload.byteLength > maxPayloadBytes) {
    return new PublishError(
      'PAYLOAD_TOO_LARGE',
      `The message to ${channel} has ${payload.byteLength} bytes; this broker accepts ${maxPayloadBytes}. Send large data through a data store (data handler MINIO), or raise the broker's limit.`,
    );
  }
  return undefined;
}

/** Why this subscription must not be tried; undefined when it may. */
export function subscribeProblem(channel: string, options: SubscribeOptions): Error | undefined {
  const issues: Issue[] = [];
  const problem = channelProblem(channel);
  if (problem) issues.push({ path: 'channel', message: problem });
  const read = new FieldReader(options, issues);
  read.text('retention', undefined, { oneOf: ['none', 'session', 'durable'] });
  read.number('concurrency', undefined, { min: 1, max: 65_535, integer: true });
  checkListener(read);
  const signal = read.signal('signal');
  read.rejectUnknown();
  if (issues.length > 0) return new ConfigError('The subscription cannot be made', issues);
  return signal?.aborted ? abortedError(`Subscribing to ${channel}`, signal) : undefined;
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

/** True when the options need no detailed check. Runs for every message, so it allocates nothing. */
function isUsual(options: PublishOptions): boolean {
  for (const name in options) if (!PUBLISH_OPTIONS.has(name)) return false;
  const { timeoutMs, signal, durable, mustRoute, stillWanted, onHandedOver, whenBusy, onBusy } = options;
  return (
    (timeoutMs === undefined || (timeoutMs >= 1 && timeoutMs <= LONGEST_TIMER_MS)) &&
    (signal === undefined || typeof signal?.aborted === 'boolean') &&
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
