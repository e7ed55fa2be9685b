/** Where text and data go. */
interface Sink {
  /** Whether a person looks at it. */
  readonly isTerminal: boolean;
  write(data: string | Uint8Array): void;
}

/** All that the program has of the world around it, so that tests can run it within their own process. */
export interface Surroundings {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the person wants it to end. */
  readonly signal: AbortSignal;
}

export function surroundingsOfProcess(signal: AbortSignal): Surroundings {
  const { stdout, stderr, env } = process;
  // `intersect listen ... | head -3`: the reader has what it wanted, which is no fault.
  const readerIsGone = new AbortController();
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    readerIsGone.abort();
  });
  return {
    get stdin() {
      return process.stdin as AsyncIterable<Uint8Array>;
    },
    stdout: { isTerminal: stdout.isTTY === true, write: (data) => void stdout.write(data) },
    stderr: { isTerminal: stderr.isTTY === true, write: (data) => void stderr.write(data) },
    env,
    signal: AbortSignal.any([signal, readerIsGone.signal]),
  };
}
