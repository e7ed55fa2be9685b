import { inflateSync } from 'node:zlib';
import { expect } from 'vitest';

export interface Decoded {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of all pixels, line by line. */
  readonly colours: Buffer;
}

/** Reads a PNG file of the kind that the camera writes, and throws unless it is complete and right. */
export function decodePng(file: Uint8Array): Decoded {
  const bytes = Buffer.from(file);
  expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks: { readonly kind: string; readonly data: Buffer }[] = [];
  for (let at = 8; at < bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at);
    expect(bytes.readUInt32BE(end)).toBe(crc(bytes.subarray(at + 4, end)));
    chunks.push({ kind: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  const header = chunks.at(0);
  expect([header?.kind, chunks.at(-1)?.kind]).toEqual(['IHDR', 'IEND']);
  const width = header?.data.readUInt32BE(0) ?? 0;
  const height = header?.data.readUInt32BE(4) ?? 0;
  expect([...(header?.data.subarray(8) ?? [])]).toEqual([8, 2, 0, 0, 0]);
  const lines = inflateSync(
    Buffer.concat(chunks.filter(({ kind }) => kind === 'IDAT').map(({ data }) => data)),
  );
  expect(lines.length).toBe(height * (1 + 3 * width));
  const colours = Buffer.alloc(height * 3 * width);
  for (let y = 0; y < height; y++) {
    const start = y * (1 + 3 * width);
    expect(lines[start]).toBe(0);
    lines.copy(colours, y * 3 * width, start + 1, start + 1 + 3 * width);
  }
  return { width, height, colours };
}

/** The checksum of PNG, bit by bit as its specification has it, and not by the function that wrote it. */
function crc(bytes: Uint8Array): number {
  let register = 0xffffffff;
  for (const byte of bytes) {
    register ^= byte;
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? 0xedb88320 : 0);
  }
  return (register ^ 0xffffffff) >>> 0;
}
