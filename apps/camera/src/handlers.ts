// What the camera does when it is asked.
import { buffer } from 'node:stream/consumers';
import type { Implementation } from '@intersect-sdk/service';
import type { Camera } from './contract.js';
import { png } from './png.js';
import { sunOverTheSea } from './scene.js';

const FRAME = { width: 320, height: 240 };

export const handlers = {
  take_picture: (size) => buffer(png(size, sunOverTheSea(size))),

  // What is given piece by piece goes to the store as it comes, and is never in memory as a whole.
  scan: (size) => png(size, sunOverTheSea(size)),

  async record(frames, { emit }) {
    for (let moment = 0; moment < frames; moment++) {
      await emit('frame', await buffer(png(FRAME, sunOverTheSea(FRAME, moment))));
    }
    return frames;
  },

  status: () => 'Up',
} satisfies Implementation<typeof Camera>;
