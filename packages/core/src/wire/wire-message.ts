/** A message as transports carry it: everything that is not payload stands in the headers (protocol section 3). */
export interface WireMessage {
  /** `/`-separated and protocol-neutral, e.g. `org/fac/sys/-/svc/request`. */
  readonly channel: string;
  readonly payload: Uint8Array;
  /** Empty when the sender gave none. */
  readonly contentType: string;
  /** Only headers that came as exactly one string. */
  readonly headers: Readonly<Record<string, string>>;
}
