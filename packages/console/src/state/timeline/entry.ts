import type { WireMessage } from '@intersect-sdk/core';

/** A message that passed by, or that this page sent or got. */
export interface SeenMessage {
  readonly kind: 'request' | 'answer' | 'event' | 'lifecycle';
  readonly address: string;
  readonly broker: string;
  readonly atMs: number;
  /** Sent or asked for by this page. */
  readonly own: boolean;
  readonly message: WireMessage;
}

/** A message that was not understood, or that nobody waited for. */
export interface RefusedMessage {
  readonly atMs: number;
  readonly reason: string;
  readonly service: string;
  readonly what: string;
}

export type EntryKind = 'request' | 'event' | 'lifecycle' | 'refused';
export type EntryState = 'waiting' | 'answered' | 'failed' | 'told' | 'refused';

/** A line of the timeline, without the payloads. */
export interface Row {
  readonly id: number;
  readonly kind: EntryKind;
  readonly state: EntryState;
  readonly atMs: number;
  /** The service that it is about. */
  readonly service: string;
  /** Who asked; empty where nobody did. */
  readonly asker: string;
  /** Which operation, event or kind of lifecycle message. */
  readonly what: string;
  readonly campaign: string;
  readonly requestId: string;
  readonly durationMs: number | undefined;
  readonly bytes: number;
  /** Messages of long work that came before the answer. */
  readonly parts: number;
  readonly own: boolean;
  readonly reason: string | undefined;
}

/** A line with everything that is known of it. */
export interface Entry extends Row {
  readonly messages: readonly SeenMessage[];
}

export interface Found {
  /** The newest first. */
  readonly rows: readonly Row[];
  readonly matching: number;
  readonly kept: number;
  /** How many were thrown away, since the timeline is bounded. */
  readonly forgotten: number;
}
