import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** One line about a PNG file: its dimensions, its size, and the checksum that `sha256sum` prints. */
export async function describeImage(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    // Every PNG file begins with a signature of 8 bytes, the length and name of its header, then width and height.
    const { buffer } = await file.read(Buffer.alloc(24), 0, 24, 0);
    const pixels = `${buffer.readUInt32BE(16)} x ${buffer.readUInt32BE(20)} pixels`;
    const checksum = createHash('sha256');
    await pipeline(file.createReadStream({ start: 0, autoClose: false }), checksum);
    return `${path}: ${pixels}, ${size} bytes, sha256 ${checksum.digest('hex')}`;
  } finally {
    await file.close();
  }
}
