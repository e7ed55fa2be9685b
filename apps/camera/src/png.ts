// Writes PNG files, line by line: 8 bits each of red, green and blue.
import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflate } from 'node:zlib';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is seen at a pixel: red, green and blue, each from 0 to 255. */
export type Scene = (x: number, y: number) => readonly [red: number, green: number, blue: number];

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The file in pieces. Only a few lines are in memory at a time. */
export async function* png(size: Size, scene: Scene): AsyncGenerator<Uint8Array> {
  yield SIGNATURE;
  yield chunk('IHDR', header(size));
  // What breaks comes out of the loop, so nobody needs to be called back.
  for await (const piece of pipeline(Readable.from(lines(size, scene)), createDeflate(), () => {})) {
    yield chunk('IDAT', piece);
  }
  yield chunk('IEND', new Uint8Array());
}

function header({ width, height }: Size): Uint8Array {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(width, 0);
  bytes.writeUInt32BE(height, 4);
  bytes[8] = 8; // bits for each colour
  bytes[9] = 2; // red, green and blue; the zeros after it: deflate, filters by line, not interlaced
  return bytes;
}

function* lines({ width, height }: Size, scene: Scene): Generator<Uint8Array> {
  for (let y = 0; y < height; y++) {
    const line = new Uint8Array(1 + 3 * width); // begins with the line's filter, 0 for none
    for (let x = 0; x < width; x++) line.set(scene(x, y), 1 + 3 * x);
    yield line;
  }
}

/** The length, the kind, the data and their checksum. */
function chunk(kind: string, data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(kind, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), 8 + data.length);
  return bytes;
}
