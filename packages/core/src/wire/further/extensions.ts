import { ACCEPT_HEADER } from './accept.js';
import { CONTROL_HEADER, PART_HEADER, SEQ_HEADER, STREAM_KEY } from './parts.js';

/**
 * Where an extension stands: in the headers of a kind of message, or among the keys of a service's schema document. A part comes before
 * the answer on the same channel; a control message goes from the asker to the response channel of the service.
 */
export type ExtensionPlace =
  | 'request'
  | 'answer'
  | 'part'
  | 'control message'
  | 'event'
  | 'lifecycle message'
  | 'schema document';

/** A header or a key of a schema document that begins with `x-intersect-`. */
export interface ProtocolExtension {
  readonly name: `x-intersect-${string}`;
  readonly places: readonly ExtensionPlace[];
  /** `everybody` only if a program that does not know it can ignore it. Anything else is sent only to programs that asked for it. */
  readonly goesTo: 'everybody' | 'who asked';
  /** Who sends it to whom. */
  readonly between: string;
  readonly when: string;
  /** What a program that uses the Python SDK sees. */
  readonly pythonPeer: string;
}

/** The SHA-256 of data that lie in a data store, in lower-case hex: in the message that points at them. */
export const SHA256_HEADER = 'x-intersect-sha256';

/** Whatever it says: the argument could not be read, and stays in its data store. */
export const UNREAD_HEADER = 'x-intersect-unread';

/** In the question that every service answers: what the asker wants to be told besides; `schema` asks for the schema document and all statuses. */
export const ASK_HEADER = 'x-intersect-ask';

/** In requests: what is left of the time that their asker waits when they are sent, in whole ms. */
export const TIMEOUT_HEADER = 'x-intersect-timeout-ms';

/** In answers with an error: why, in a word that a program can act by; `busy`: there is no place for the request now, and it was not taken. */
export const REFUSAL_HEADER = 'x-intersect-refusal';

/** In lifecycle messages: how often the service tells its status, in whole ms. */
export const INTERVAL_HEADER = 'x-intersect-interval-ms';

/** The id of the instance that sends it, of a service of which there are several; at most 64 of `A-Z a-z 0-9 _ -`. */
export const INSTANCE_HEADER = 'x-intersect-instance';

/**
 * Every header and every key of a schema document that begins with `x-intersect-`. What is not here is not sent: the tests hold the
 * traffic of all example apps against it, and `docs/protocol-extensions.md` says the same for people.
 */
export const PROTOCOL_EXTENSIONS: readonly ProtocolExtension[] = [
  {
    name: 'x-intersect-version',
    places: ['schema document'],
    goesTo: 'everybody',
    between: 'a service to whoever reads its schema document',
    when: 'always, as the protocol version that the service speaks',
    pythonPeer: 'the key that its own documents have too',
  },
  {
    name: SHA256_HEADER,
    places: ['request', 'answer', 'event'],
    goesTo: 'everybody',
    between: 'who puts data into a data store, to whoever reads them there',
    when: 'with each message whose data lie in a data store',
    pythonPeer: 'a header that it ignores; it checks no checksum',
  },
  {
    name: UNREAD_HEADER,
    places: ['answer'],
    goesTo: 'everybody',
    between: 'a service to whoever asked it with an argument that lies in a data store',
    when: 'with an error, where the argument could not be read: it was cut, had other bytes or was too large. The asker deletes nothing then',
    pythonPeer: 'a header that it ignores; its client never deletes an argument',
  },
  {
    name: ASK_HEADER,
    places: ['request'],
    goesTo: 'everybody',
    between: 'a client to a service, in a request for `intersect_sdk.system_capability`',
    when: 'as `schema`, when a program wants to know what the service can do; a service of this SDK then answers with `{"schema", "status"}`, as in its lifecycle messages',
    pythonPeer: 'a header that it ignores; it answers with its core status',
  },
  {
    name: INTERVAL_HEADER,
    places: ['lifecycle message'],
    goesTo: 'everybody',
    between: 'a service to whoever watches whether it is there',
    when: 'with STARTUP and POLLING, as the `statusInterval` of the service in ms',
    pythonPeer: 'a header that it ignores',
  },
  {
    name: INSTANCE_HEADER,
    places: ['request', 'answer', 'lifecycle message'],
    goesTo: 'everybody',
    between:
      'an instance of a service with `replicas: true` to whoever asks or watches the service, and to the other instances',
    when: 'with its lifecycle messages, its answers and the parts of them. As the only header of a message on its own request channel it asks, over MQTT, whether another instance takes requests: one that ends tells SHUTDOWN only where none does',
    pythonPeer: 'a header that it ignores; a message on the request channel with no other header is dropped',
  },
  {
    name: ACCEPT_HEADER,
    places: ['request'],
    goesTo: 'everybody',
    between: 'an asker to a service',
    when: 'where the asker understands more than one answer, as a list with commas: `parts`, signs of life and progress; `stream`, the items of the answer one by one; `busy`, that the service has no place for the request now',
    pythonPeer: 'a header that it ignores; it sends one answer, as always',
  },
  {
    name: TIMEOUT_HEADER,
    places: ['request'],
    goesTo: 'everybody',
    between: 'an asker to a service',
    when: 'with each request whose answer is waited for, as what is left of its time when it is sent, in whole ms. A service of this SDK does not run what nobody waits for any more',
    pythonPeer: 'a header that it ignores',
  },
  {
    name: REFUSAL_HEADER,
    places: ['answer'],
    goesTo: 'who asked',
    between: 'a service to whoever said `busy` in `x-intersect-accept`',
    when: 'as `busy`, with the error that there is no place for the request now: it was not taken, and can be sent again',
    pythonPeer: 'nothing: it does not say that it understands it, and its request waits',
  },
  {
    name: PART_HEADER,
    places: ['part'],
    goesTo: 'who asked',
    between: 'a service to whoever asked with `x-intersect-accept`',
    when: 'on each message that comes before the answer: `taken`, the service has the request; `alive`, every 5 s from then on; `progress`, with `{"fraction", "message", "data"}`; `items`, with a JSON array of items. The answer has no such header',
    pythonPeer: 'nothing, since it does not ask for it',
  },
  {
    name: SEQ_HEADER,
    places: ['part', 'answer', 'control message'],
    goesTo: 'who asked',
    between: 'a service and the reader of its stream, both ways',
    when: 'on `items` the number of the first item, from 0; on the answer of a stream how many items there were; on `credit` how many were read; on `resend` the number of the first that is missing',
    pythonPeer: 'nothing, since it does not ask for it',
  },
  {
    name: CONTROL_HEADER,
    places: ['control message'],
    goesTo: 'who asked',
    between: 'an asker to the response channel of a service that sent it a part',
    when: 'as `cancel`, `credit` or `resend`, with the `request_id`; each instance of the service gets one and takes what is about its own requests',
    pythonPeer: 'nothing, since it sends no parts',
  },
  {
    name: STREAM_KEY,
    places: ['schema document'],
    goesTo: 'everybody',
    between: 'a service to whoever reads its schema document',
    when: 'as `true` in the schema of an answer whose items can be had one by one',
    pythonPeer: 'a keyword that it ignores beside `"type": "array"`; it gets the whole array',
  },
];
