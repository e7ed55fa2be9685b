import { isUtf8 } from 'node:buffer';
import { malformed } from './reason.js';

/** Reads the fields of a packet one after the other. @throws ProtocolFault where the packet is cut off. */
export class ByteReader {
  readonly #buffer: Buffer;
  at = 0;

  constructor(buffer: Buffer) {
    this.#buffer = buffer;
  }

  byte(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  uint16(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  uint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  variableInteger(): number {
    let value = 0;
    for (let multiplier = 1; multiplier <= 0x80 ** 3; multiplier *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * multiplier;
      if (byte < 0x80) return value;
    }
    throw malformed('A length takes more than four bytes');
  }

  binary(): Buffer {
    const length = this.uint16();
    const start = this.#take(length);
    return this.#buffer.subarray(start, start + length);
  }

  text(): string {
    const bytes = this.binary();
    if (!isUtf8(bytes) || bytes.includes(0)) throw malformed('A string is not well-formed UTF-8');
    return bytes.toString();
  }

  pair(): [name: string, value: string] {
    return [this.text(), this.text()];
  }

  #take(length: number): number {
    const start = this.at;
    if (start + length > this.#buffer.length) throw malformed('A packet is cut off');
    this.at += length;
    return start;
  }
}

export function variableInteger(value: number): number[] {
  if (value < 0x80) return [value];
  return [(value % 0x80) | 0x80, ...variableInteger(Math.floor(value / 0x80))];
}

export const uint16 = (value: number): number[] => [value >> 8, value & 0xff];

export const uint32 = (value: number): number[] => [...uint16(value >>> 16), ...uint16(value & 0xffff)];
