import { sha384 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The name of the queue that a broker keeps for a durable subscription: lower-case hex sha384 of the channel (protocol section 4). */
export function queueNameOf(channel: string): string {
  return bytesToHex(sha384(utf8ToBytes(channel)));
}
