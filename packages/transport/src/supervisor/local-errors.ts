import { type IntersectError, isIntersectError, PublishError, SubscribeError } from '@intersect-sdk/core';

// What a driver throws that is none of this SDK's errors says nothing about the connection: it is about what was asked for.

/** Why a message could not be handed to the broker. */
export function publishFailure(thrown: unknown, channel: string): IntersectError {
  if (isIntersectError(thrown)) return thrown;
  const text = `The message to ${channel} could not be sent: ${sentenceOf(thrown)}.`;
  return new PublishError('PUBLISH_REFUSED', text, { cause: thrown });
}

/** Why a subscription could not be asked for. */
export function subscribeFailure(thrown: unknown, channel: string): IntersectError {
  if (isIntersectError(thrown)) return thrown;
  const text = `The subscription to ${channel} could not be made: ${sentenceOf(thrown)}.`;
  return new SubscribeError('SUBSCRIBE_REFUSED', text, { cause: thrown });
}

function sentenceOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '');
}
