/** The pinned Python SDK in a virtual environment of the cache folder, or why it can't be had, as a sentence. */
export type PythonPeer =
  | { readonly python: string; readonly unavailable?: undefined }
  | { readonly python?: undefined; readonly unavailable: string };

/**
 * Makes the environment when it isn't there yet (about 15 s); after that it needs no network. Needs Python 3.10 or
 * newer with `venv`, and what `pip` is set up to use. Never rejects for something that the machine lacks.
 */
export function pythonPeer(options?: {
  readonly onProgress?: (sentence: string) => void;
}): Promise<PythonPeer>;
