import type { Broker } from '../broker/broker.js';
import type { ClientConnection, Session } from '../broker/session.js';
import type { IncomingAliases } from '../packets/topic-aliases.js';
import type { ClientSettings } from './client-settings.js';

export type Peer = ClientConnection['peer'];

/** What those who handle packets know of the connection that the packets came by. */
export interface Client extends ClientConnection {
  readonly broker: Broker;
  readonly settings: ClientSettings;
  /** Undefined until CONNECT is accepted. */
  readonly session: Session | undefined;
  readonly incomingAliases: IncomingAliases;
  /** The client is accepted: deliveries of its session go to this connection. */
  begin(session: Session, settings: ClientSettings): void;
  /** Leaves a packet out that is larger than the client takes. */
  send(packet: Buffer): void;
  /** Ends the connection without another word. */
  end(reasonCode?: number): void;
}
