import { WIRE_0_9 } from './wire-version.js';

const { addressSeparator, channelSeparator, channelSuffixes } = WIRE_0_9;
const WORD = /^[A-Za-z0-9_-]+$/;
const MOST_REMEMBERED = 2_000;
/** In characters: what is longer comes from nobody who means well, and would fill the memory. */
const LONGEST_REMEMBERED = 500;

/** Where a service takes requests (protocol section 2). */
export const requestChannel: (address: string) => string = remembered((address) =>
  channelUnder(address, channelSuffixes.request),
);

/** Where the one with this address takes the answers to what it asked. */
export const responseChannel: (address: string) => string = remembered((address) =>
  channelUnder(address, channelSuffixes.response),
);

/** Where a service publishes an event. `*` or `#` as the event name is a pattern for all events of the capability. */
export function eventChannel(address: string, capabilityName: string, eventName: string): string {
  return channelUnder(address, channelSuffixes.events, capabilityName, eventName);
}

/** Where a service says that it starts, lives and stops. */
export function lifecycleChannel(address: string): string {
  return channelUnder(address, channelSuffixes.lifecycle);
}

/**
 * Whether a message on `channel` belongs to a subscription of `pattern`. `*` is exactly one word; a
 * last `#` is any number of words, also none.
 */
export function channelMatches(pattern: string, channel: string): boolean {
  if (pattern === channel) return true;
  const wanted = pattern.split(channelSeparator);
  const words = channel.split(channelSeparator);
  for (const [index, word] of wanted.entries()) {
    if (word === '#' && index === wanted.length - 1) return true;
    if (index >= words.length || (word !== '*' && word !== words[index])) return false;
  }
  return words.length === wanted.length;
}

/** What is wrong with a channel to subscribe to, as the end of a sentence; undefined when nothing is. */
export const channelProblem: (pattern: string) => string | undefined = remembered((pattern) => {
  const words = pattern.split(channelSeparator);
  for (const [index, word] of words.entries()) {
    if (word === '') return `must not have an empty word (between two '${channelSeparator}' or at an end)`;
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

function channelUnder(address: string, ...suffix: string[]): string {
  let channel = address.replaceAll(addressSeparator, channelSeparator);
  for (const word of suffix) channel += channelSeparator + word;
  return channel;
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
