import { ConsoleWorker } from './console-worker.js';
import type { ToWorker } from './protocol.js';

const scope = self as unknown as DedicatedWorkerGlobalScope;
const worker = new ConsoleWorker((message, transfer = []) => scope.postMessage(message, transfer));
scope.addEventListener('message', ({ data }: MessageEvent<ToWorker>) => worker.receive(data));

/** Of `lib.webworker`, which does not go with `lib.dom`; what is used of it. */
interface DedicatedWorkerGlobalScope {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}
