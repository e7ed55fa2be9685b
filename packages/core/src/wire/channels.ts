import type { WireVersion } from './wire-version.js';

/** Between the words of a channel, in every version of the protocol. */
const SEPARATOR = '/';
const WORD = /^[A-Za-z0-9_-]+$/;
const MOST_REMEMBERED = 2_000;
/** In characters. No honest program sends a longer one, and remembering it would fill the memory. */
const LONGEST_REMEMBERED = 500;

/** Where a version of the protocol sends what (protocol section 2). The functions have the rules of the public ones of the same names. */
export interface Channels {
  requestChannel(address: string): string;
  responseChannel(address: string): string;
  eventChannel(address: string, capabilityName: string, eventName: string): string;
  lifecycleChannel(address: string): string;
}

export function channelsOf({ addressSeparator, channelSuffixes: suffixes }: WireVersion): Channels {
  const under = (address: string, ...suffix: string[]): string => {
    let channel = address.replaceAll(addressSeparator, SEPARATOR);
    for (const word of suffix) channel += SEPARATOR + word;
    return channel;
  };
  return {
    requestChannel: remembered((address) => under(address, suffixes.request)),
    responseChannel: remembered((address) => under(address, suffixes.response)),
    eventChannel: (address, capabilityName, eventName) =>
      under(address, suffixes.events, capabilityName, eventName),
    lifecycleChannel: (address) => under(address, suffixes.lifecycle),
  };
}

/**
 * Whether a message on `channel` belongs to a subscription of `pattern`. `*` is exactly one word; a
 * last `#` is any number of words, also none.
 */
export function channelMatches(pattern: string, channel: string): boolean {
  if (pattern === channel) return true;
  const wanted = pattern.split(SEPARATOR);
  const words = channel.split(SEPARATOR);
  for (const [index, word] of wanted.entries()) {
    if (word === '#' && index === wanted.length - 1) return true;
    if (index >= words.length || (word !== '*' && word !== words[index])) return false;
  }
  return words.length === wanted.length;
}

/** What is wrong with a channel to subscribe to, as the end of a sentence; undefined when nothing is. */
export const channelProblem: (pattern: string) => string | undefined = remembered((pattern) => {
  const words = pattern.split(SEPARATOR);
  for (const [index, word] of words.entries()) {
    if (word === '') return `must not have an empty word (between two '${SEPARATOR}' or at an end)`;
    if (word === '*') continue;
    if (word === '#') {
      if (index < words.length - 1) return "may have '#' only as its last word";
      continue;
    }
    if (!WORD.test(word)) return "may have only letters, digits, '_' and '-' in its words";
  }
  return undefined;
});

/** True for a pattern, to which nothing can be published. */
export function isWildcardChannel(channel: string): boolean {
  return channel.includes('*') || channel.includes('#');
}

/** A program asks and answers the same few addresses again and again. */
function remembered<T extends string | undefined>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly made: T }>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return make(text);
    let entry = known.get(text);
    if (!entry) {
      entry = { made: make(text) };
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(text, entry);
    }
    return entry.made;
  };
}
