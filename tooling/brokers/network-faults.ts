/** How Node names what the network did to a connection that is opened. Every transport tells each of them in the same words. */
export const NETWORK_FAULTS = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPERM',
  'EMFILE',
] as const;
