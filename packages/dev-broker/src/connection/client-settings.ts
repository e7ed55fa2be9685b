/** What holds until CONNECT, and where CONNECT says nothing. */
export const DEFAULT_SETTINGS = {
  clientId: '',
  keepalive: 0,
  receiveMaximum: 0xffff,
  maximumPacketSize: Number.POSITIVE_INFINITY,
  topicAliasMaximum: 0,
  sessionExpiryInterval: 0,
};
/** What the client asked for in CONNECT. */
export type ClientSettings = Readonly<typeof DEFAULT_SETTINGS>;
