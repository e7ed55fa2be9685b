import { malformed } from './reason.js';

const CONNECT = 0x10;
/** Fixed header with the longest length, and the protocol's name with its own length. */
const START_BYTES = 5 + 2 + 6;

/** Looks at what a client says first, so that who does not speak MQTT is not waited for. */
export class ConnectStart {
  #seen = Buffer.alloc(0);

  /** @throws ProtocolFault as soon as it can't become a CONNECT packet of MQTT. */
  check(chunk: Buffer): void {
    if (this.#seen.length >= START_BYTES) return;
    this.#seen = Buffer.concat([this.#seen, chunk.subarray(0, START_BYTES - this.#seen.length)]);
    if (!canBeConnect(this.#seen)) throw malformed('What came in is no CONNECT packet of MQTT');
  }
}

function canBeConnect(seen: Buffer): boolean {
  if (seen[0] !== CONNECT) return false;
  let index = 1;
  while (index <= 4 && (seen[index] ?? 0) >= 0x80) index++;
  const name = seen.toString('latin1', index + 1);
  return ['\0\x04MQTT', '\0\x06MQIsdp'].some((known) => known.startsWith(name.slice(0, known.length)));
}
