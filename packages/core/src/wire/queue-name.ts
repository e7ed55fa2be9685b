import { sha384 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The name of the queue that a broker keeps for a durable subscription: lower-case hex sha384 of the channel (protocol section 4). */
export function queueNameOf(channel: string): string {
  return bytesToHex(sha384(utf8ToBytes(channel)));
}

/**
 * The name of the AMQP queue that a broker keeps for one of the services that listen to a channel of events: each has its own, so that each
 * hears every event. `address` is the listener's. The Python SDK names all of them `queueNameOf(channel)`.
 */
export function eventQueueNameOf(address: string, channel: string): string {
  return `intersect-events.${queueNameOf(`${address}\n${channel}`).slice(0, 48)}`;
}
