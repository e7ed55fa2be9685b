import { expect, test } from 'vitest';
import { png } from '../../src/png.js';
import { sunOverTheSea } from '../../src/scene.js';

test('a picture is given while it is still being taken, and no further than somebody wants it', async () => {
  const size = { width: 200, height: 5_000 };
  const scene = sunOverTheSea(size);
  let seen = 0;
  const pieces = png(size, (x, y) => {
    seen += 1;
    return scene(x, y);
  });
  // The signature, the header, and the first of what lies before the camera.
  for (let piece = 0; piece < 3; piece++) expect((await pieces.next()).done).toBe(false);
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThan((size.width * size.height) / 4);
  await pieces.return(undefined);
});
