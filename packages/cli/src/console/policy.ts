import type { ConsoleSettings } from '@intersect-sdk/console/tunnel';

/** The page may load and reach what is served with it, and the brokers that it speaks to itself: no other host, and nothing made of text. */
export function policyFor({ brokers }: Pick<ConsoleSettings, 'brokers'>): string {
  const direct = brokers.flatMap((broker) => (broker.way === 'direct' ? [new URL(broker.url).origin] : []));
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "worker-src 'self'",
    ["connect-src 'self'", ...direct].join(' '),
    // Answers and events that are images are shown from memory.
    "img-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
