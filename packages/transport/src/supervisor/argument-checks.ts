import {
  ConfigError,
  channelProblem,
  type Issue,
  isWildcardChannel,
  PublishError,
  type WireMessage,
} from '@intersect-sdk/core';
import type { PublishOptions, SubscribeOptions } from '../contract.js';
import { abortedError } from './waiting.js';

/** Why this publish must not be tried; undefined when it may. */
export function publishProblem(
  message: WireMessage,
  options: PublishOptions,
  maxPayloadBytes: number | undefined,
): Error | undefined {
  const { channel, payload } = message;
  const problem = isWildcardChannel(channel) ? 'must not hold * or #' : channelProblem(channel);
  if (problem)
    return new ConfigError('The message cannot be published', [{ path: 'channel', message: problem }]);
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
  const { concurrency = 1, signal } = options;
  if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > 65_535) {
    issues.push({ path: 'concurrency', message: 'must be a whole number from 1 to 65535' });
  }
  if (issues.length > 0) return new ConfigError('The subscription cannot be made', issues);
  return signal?.aborted ? abortedError(`Subscribing to ${channel}`, signal) : undefined;
}
