/**
 * How much memory is in use that the garbage collector can't free, on the heap and beside it, in bytes. The process
 * must have been started with `--expose-gc`.
 */
export async function bytesInUse() {
  // What is left to be finalised is freed by a later collection.
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
