import { expect, test } from 'vitest';
import { handlers } from '../../src/handlers.js';

test('a scan is given piece by piece, and not gathered before', async () => {
  const pieces = handlers.scan({ width: 2_000, height: 2_000 });
  // Twelve megabytes as a whole, of which this takes what a few lines are.
  for (let piece = 0; piece < 3; piece++) expect((await pieces.next()).value).toBeInstanceOf(Uint8Array);
  await pieces.return(undefined);
});
