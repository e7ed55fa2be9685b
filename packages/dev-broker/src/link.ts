import type { Outgoing } from './session.js';

/** What a session needs of the connection that it is attached to. */
export interface Link {
  /** True while the socket holds so much unsent data that messages had better wait in the session. */
  readonly congested: boolean;
  /** QoS 1 and QoS 2 messages that the client takes without having acknowledged them. */
  readonly receiveMaximum: number;
  /** Answers false when the packet is larger than the client takes: it counts as delivered (section 3.1.2.11.4). */
  sendPublish(entry: Outgoing, isRepeat: boolean): boolean;
  sendRelease(packetId: number): void;
  /** Tells the client why, then ends the connection. */
  close(reasonCode: number, reason: string): void;
}
