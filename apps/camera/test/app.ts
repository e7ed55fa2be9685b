import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '@intersect-sdk/app-harness';
import { expect } from 'vitest';
import { sunOverTheSea } from '../src/scene.js';
import { decodePng } from './decode-png.js';

const pictures = [
  { file: 'pictures/picture.png', width: 640, height: 480, moment: 0 },
  { file: 'pictures/scan.png', width: 2400, height: 800, moment: 0 },
  { file: 'pictures/frame-1.png', width: 320, height: 240, moment: 0 },
  { file: 'pictures/frame-2.png', width: 320, height: 240, moment: 1 },
  { file: 'pictures/frame-3.png', width: 320, height: 240, moment: 2 },
];

export const app: App = {
  name: 'camera',
  services: ['service'],
  check(lines, folder) {
    const described = pictures.map(({ file, width, height, moment }) => {
      const bytes = readFileSync(join(folder, file));
      const decoded = decodePng(bytes);
      expect([decoded.width, decoded.height]).toEqual([width, height]);
      expect(decoded.colours.equals(coloursOf({ width, height }, moment)), file).toBe(true);
      const checksum = createHash('sha256').update(bytes).digest('hex');
      return `${file}: ${width} x ${height} pixels, ${bytes.length} bytes, sha256 ${checksum}`;
    });
    expect(lines).toEqual([...described, '3 frames were recorded.']);
  },
};

function coloursOf(size: { width: number; height: number }, moment: number): Uint8Array {
  const scene = sunOverTheSea(size, moment);
  const colours = new Uint8Array(3 * size.width * size.height);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) colours.set(scene(x, y), 3 * (y * size.width + x));
  }
  return colours;
}
