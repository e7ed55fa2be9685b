// The version of the protocol that is being prepared (protocol section 11), as far as it is known. It stands here and nowhere else: it
// shows that a second version needs a value of this kind and no change of what uses it.
import type { AnswerState } from '@intersect-sdk/core';
import { createWire, VERSION_0_9, type WireVersion } from '@intersect-sdk/core/internal';

const STATES: ReadonlyMap<string, AnswerState> = new Map([
  ['COMPLETE', 'complete'],
  ['ERROR', 'error'],
  ['DATA_REQUEST_PROCESSING_STARTED', 'progress'],
  ['USER_FUNCTION_PROCESSING_STARTED', 'progress'],
  ['DATA_RESPONSE_PROCESSING_STARTED', 'progress'],
]);

const WORDS: Readonly<Record<AnswerState, string>> = {
  complete: 'COMPLETE',
  error: 'ERROR',
  progress: 'USER_FUNCTION_PROCESSING_STARTED',
};

const NEXT_VERSION: WireVersion = {
  version: '0.10.0',
  addressParts: [{ name: 'system' }, { name: 'service' }],
  addressSeparator: '/',
  addressPattern: '^[a-z0-9][-a-z0-9/]*[-a-z0-9]$',
  addressHint: "must be a service's address: system and service in lower case, joined by '/'",
  partPattern: '^[a-z0-9][-a-z0-9]{2,62}$',
  partHint: 'must be 3 to 63 characters: lower-case letters, digits and hyphens, no hyphen first',
  channelSuffixes: VERSION_0_9.channelSuffixes,
  headerNames: { ...VERSION_0_9.headerNames, state: 'message_state' },
  state: {
    title: 'Message State',
    read: (text) => STATES.get(text),
    write: (state) => WORDS[state],
    must: `must be one of ${[...STATES.keys()].join(', ')}`,
  },
};

export const NEXT = createWire(NEXT_VERSION);
