import type { Listener, Retention, SessionOptions } from '@intersect-sdk/transport';

/** What a page says to the program that carries its traffic. Each is one binary message: a line of JSON, then the payload. */
export type PageFrame =
  /** The first one. It is answered by `opened`, or by `lost`. */
  | { readonly kind: 'open'; readonly session: SessionOptions }
  | {
      readonly kind: 'publish';
      readonly call: number;
      readonly channel: string;
      readonly contentType: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly durable: boolean;
      readonly expiresAfterMs?: number | undefined;
    }
  | { readonly kind: 'subscribe'; readonly call: number; readonly subscription: TunnelSubscription }
  | { readonly kind: 'unsubscribe'; readonly call: number; readonly id: string }
  /** The page has handled a message, or could not. */
  | { readonly kind: 'handled'; readonly delivery: number; readonly ok: boolean }
  | { readonly kind: 'ready' }
  | { readonly kind: 'close' };

/** What is said to the page. */
export type BrokerFrame =
  | { readonly kind: 'opened'; readonly broker: string; readonly maxPayloadBytes?: number | undefined }
  | { readonly kind: 'done'; readonly call: number; readonly routed: 'yes' | 'no' | 'unknown' }
  | { readonly kind: 'failed'; readonly call: number; readonly error: TunnelError }
  | {
      readonly kind: 'message';
      readonly id: string;
      /** Where the page is to say that it has handled it. */
      readonly delivery?: number | undefined;
      readonly channel: string;
      readonly contentType: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly redelivered: boolean;
    }
  | { readonly kind: 'subscription-lost'; readonly id: string; readonly error: TunnelError }
  | { readonly kind: 'refused'; readonly channel: string; readonly error: TunnelError }
  | { readonly kind: 'notice'; readonly channel: string; readonly message: string }
  | { readonly kind: 'flow'; readonly blocked: boolean; readonly reason?: string | undefined }
  /** The last one: the connection to the broker could not be made, or has ended. */
  | { readonly kind: 'lost'; readonly error: TunnelError };

export interface TunnelSubscription {
  readonly id: string;
  readonly channel: string;
  readonly retention: Retention;
  readonly concurrency: number;
  readonly listener?: Listener | undefined;
}

/** An error as it passes the tunnel: what it says and by which code, and nothing of its cause. */
export interface TunnelError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** A frame and the payload that came with it, which is empty where there is none. */
export interface Unpacked<Frame> {
  readonly frame: Frame;
  readonly payload: Uint8Array;
}

const NEW_LINE = 0x0a;
const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function pack(frame: PageFrame | BrokerFrame, payload: Uint8Array = NOTHING): Uint8Array<ArrayBuffer> {
  const head = encoder.encode(`${JSON.stringify(frame)}\n`);
  const whole = new Uint8Array(head.length + payload.length);
  whole.set(head);
  whole.set(payload, head.length);
  return whole;
}

/** Throws SyntaxError for what is no frame. */
export function unpack<Frame extends PageFrame | BrokerFrame>(bytes: Uint8Array): Unpacked<Frame> {
  const end = bytes.indexOf(NEW_LINE);
  const frame: unknown = JSON.parse(decoder.decode(bytes.subarray(0, Math.max(end, 0))));
  if (typeof frame !== 'object' || frame === null || !('kind' in frame)) {
    throw new SyntaxError('A frame of the tunnel has a kind');
  }
  return { frame: frame as Frame, payload: bytes.subarray(end + 1) };
}
