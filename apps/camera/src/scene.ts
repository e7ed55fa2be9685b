// What stands before the camera: the sun over the sea.
import type { Scene, Size } from './png.js';

/** The scene at a moment, which is counted in frames: from one to the next the sun moves on. */
export function sunOverTheSea({ width, height }: Size, moment = 0): Scene {
  const horizon = 0.62 * height;
  const sun = { x: (0.2 + 0.03 * moment) * width, y: 0.3 * height, radius: 0.09 * height };
  return (x, y) => {
    const grain = grainAt(x, y, moment);
    if (Math.hypot(x - sun.x, y - sun.y) < sun.radius) return [248 + grain, 216 + grain, 120 + grain];
    if (y < horizon) {
      const depth = y / horizon;
      return [70 + 150 * depth + grain, 120 + 90 * depth + grain, 200 + 20 * depth + grain];
    }
    const wave = 14 * Math.sin(x / 23 + moment + (y - horizon) ** 1.3 / 9);
    return [20 + grain, 70 + wave + grain, 110 + wave + grain];
  };
}

/** The noise of the sensor, from 0 to 7: the same for the same pixel and moment. It is why pictures of cameras do not get small. */
function grainAt(x: number, y: number, moment: number): number {
  const mixed = Math.imul(x + Math.imul(y, 0x9e3779b1) + Math.imul(moment, 0x27d4eb2f), 0x85ebca6b);
  return Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 29;
}
