import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleState } from '../state/console.js';

export const ConsoleContext = createContext<ConsoleState | undefined>(undefined);

/** The state of the page, for every view below it. */
export function useConsole(): ConsoleState {
  const state = useContext(ConsoleContext);
  if (!state) throw new Error('A view stands outside of the page.');
  return state;
}
