/** MQTT 5 reason codes in words, as part of a sentence (MQTT 5 section 2.4, and MQTT 3.1.1's return codes 1 to 5). */
const REASONS: Readonly<Record<number, string>> = {
  1: 'it does not speak MQTT 5',
  2: 'it does not accept the client id',
  3: 'it is not available',
  4: 'user name or password are wrong',
  5: 'the user may not do this',
  16: 'there are no matching subscribers',
  128: 'it gave no reason',
  129: 'it could not read the packet',
  130: 'it saw a protocol error',
  131: 'a reason of its own',
  132: 'it does not speak MQTT 5',
  133: 'it does not accept the client id',
  134: 'user name or password are wrong',
  135: 'the user may not do this',
  136: 'it is not available',
  137: 'it is busy',
  138: 'the client is banned',
  139: 'it is shutting down',
  140: 'it wants another way of authentication',
  141: 'it heard nothing from this program for too long',
  142: 'another program connected with the same client id',
  143: 'it does not accept the topic filter',
  144: 'it does not accept the topic name',
  145: 'the packet identifier was in use',
  147: 'too many unacknowledged messages',
  149: 'the packet is larger than it accepts',
  150: 'the messages come too fast',
  151: 'a quota is used up',
  152: 'an administrator ended the connection',
  153: 'it does not accept the payload format',
  155: 'it does not support this quality of service',
  156: 'another server is to be used for now',
  157: 'another server is to be used from now on',
  158: 'it does not support shared subscriptions',
  159: 'there are too many connections for now',
  160: 'the connection lasted as long as it may',
  161: 'it does not support subscription identifiers',
  162: 'it does not support wildcards',
};

/** The reason as the end of a sentence, with the code: `it is busy (reason code 0x89)`. */
export function reasonText(code: number): string {
  return `${REASONS[code] ?? 'an unknown reason'} (reason code 0x${code.toString(16).padStart(2, '0')})`;
}

/** The broker knows who asks, and does not let it in. */
export const AUTH_REASONS = new Set([4, 5, 134, 135, 138, 140]);

/** Broker and program do not speak the same protocol. */
export const PROTOCOL_REASONS = new Set([1, 2, 129, 130, 132, 133, 143, 144, 149, 153, 154, 155]);
