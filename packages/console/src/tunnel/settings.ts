/** The WebSocket subprotocol of the tunnel; the page offers it and its token, since a page can give a WebSocket no header. */
export const TUNNEL_PROTOCOL = 'intersect-console';

/** How the page reaches one broker. */
export type ConsoleBroker =
  /** By the program that serves the page, which is logged in already. */
  | { readonly way: 'tunnel'; readonly name: string; readonly path: string }
  /** By a WebSocket of its own. The page asks who it is. */
  | { readonly way: 'direct'; readonly name: string; readonly url: string; readonly username?: string };

/** What the page is told when it starts: `config.json`. Nothing in it is secret. */
export interface ConsoleSettings {
  readonly brokers: readonly ConsoleBroker[];
  /** Nothing may be sent. */
  readonly readOnly: boolean;
}
