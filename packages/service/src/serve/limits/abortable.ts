import { setMaxListeners } from 'node:events';

/** An AbortController whose signal any number may listen to, without a warning of a leak. */
export function abortable(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
