import type { WireMessage } from '@intersect-sdk/core';

/** A PUBLISH of the broker, whoever has read it. */
export interface ReceivedPublish {
  readonly message: WireMessage;
  /** Undefined where the broker expects no acknowledgement. */
  readonly messageId: number | undefined;
  /** The broker sent it before and saw no acknowledgement. */
  readonly redelivered: boolean;
  /** Of the subscriptions that it is for, where they have any. */
  readonly identifiers: number | readonly number[] | undefined;
}
