import { TransportError, type WireMessage } from '@intersect-sdk/core';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import {
  createTransport,
  type SupervisorOptions,
  type Transport,
  type TransportEvent,
} from '../../src/index.js';
import { ScriptedDriver } from './scripted-driver.js';

export const lost = new TransportError('CONNECTION_LOST', 'cut');
export const refused = new TransportError('CONNECT_REFUSED', 'nobody there');
export const wrongPassword = new TransportError('AUTH_REFUSED', 'wrong password');

export function message(channel = 'org/request', text = 'x'): WireMessage {
  return {
    channel,
    payload: new TextEncoder().encode(text),
    contentType: 'text/plain',
    headers: { message_id: text },
  };
}

export function setUp(options: SupervisorOptions = {}): {
  driver: ScriptedDriver;
  transport: Transport;
  states: string[];
} {
  const driver = new ScriptedDriver();
  const transport = createTransport(driver, options);
  const states: string[] = [];
  transport.onEvent((event: TransportEvent) => {
    if (event.kind === 'state') states.push(event.state.kind);
  });
  return { driver, transport, states };
}

/** Fake timers for each test, none of which may be left at its end. */
export function useFakeTimers(): void {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
}

// Taken before any test has fake timers.
const { setImmediate: inTurn } = globalThis;
/** More than what is under way in these tests takes. */
const TURNS = 50;

/** Lets everything happen that waits for no timer: by so many turns, as how many there are in a time depends on the machine. */
export async function ticks(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise<void>((resolve) => void inTurn(resolve));
  await vi.advanceTimersByTimeAsync(0);
}
