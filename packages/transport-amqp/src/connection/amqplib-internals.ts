import type { Duplex } from 'node:stream';
import type { ChannelModel } from 'amqplib';

// The only place that touches what amqplib does not export; its version is pinned because of this.

/** The parts of amqplib's connection that are used here. */
interface Internals {
  readonly stream: Duplex;
  rest: Buffer;
  recvFrame(): unknown;
}

const HEADER_FRAME = 2;
/** Where the size of the message's body stands in a header frame: after the frame's head, class and weight. */
const BODY_SIZE_OFFSET = 11;
const BASIC_PROPERTIES = 60;

/**
 * amqplib decodes header tables by recursion: one message with some thousand nested tables overflows the
 * stack and ends the connection, and does so again with each redelivery, for ever. With this guard such a
 * message arrives without headers, and whoever reads it can refuse it like any other that lacks them.
 */
export function guardHeaders({ connection }: ChannelModel): void {
  const internals = connection as unknown as Internals;
  const { recvFrame } = internals;
  internals.recvFrame = function (this: Internals): unknown {
    const unread = this.rest;
    try {
      return recvFrame.call(this);
    } catch (error) {
      // The frame was cut off the rest before it was decoded, so reading can go on behind it.
      if (unread[0] !== HEADER_FRAME || this.rest === unread) throw error;
      const size = Number(unread.readBigUInt64BE(BODY_SIZE_OFFSET));
      return { id: BASIC_PROPERTIES, channel: unread.readUInt16BE(1), size, fields: {} };
    }
  };
}

/** amqplib makes a system call for each message and acknowledgement. This makes one for all that are ready together. */
export function batchWrites({ connection }: ChannelModel): void {
  const { stream } = connection as unknown as Internals;
  const write = stream.write as (...args: unknown[]) => boolean;
  let corked = false;
  stream.write = (...args: unknown[]): boolean => {
    if (!corked) {
      corked = true;
      stream.cork();
      process.nextTick(() => {
        corked = false;
        stream.uncork();
      });
    }
    return write.apply(stream, args);
  };
}
