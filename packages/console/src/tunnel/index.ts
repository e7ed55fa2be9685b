// What the page and the program that serves it say to each other; the only entry of this package for another one.
export type { BrokerFrame, PageFrame, TunnelError, TunnelSubscription, Unpacked } from './frames.js';
export { pack, unpack } from './frames.js';
export type { ConsoleBroker, ConsoleSettings } from './settings.js';
export { TUNNEL_PROTOCOL } from './settings.js';
