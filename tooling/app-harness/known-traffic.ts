// Holds what programs send against the protocol and the table of what the SDK adds to it.
import {
  ACCEPT_HEADER,
  CONTROL_HEADER,
  type ExtensionPlace,
  PART_HEADER,
  PROTOCOL_EXTENSIONS,
  type ProtocolExtension,
  WIRE_0_9,
} from '@intersect-sdk/core/internal';

/** A message as a broker saw it. */
export interface SeenMessage {
  readonly channel: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly payload: Uint8Array;
}

/** Throws with everything that the protocol does not know and the table does not allow. */
export function throwIfUnknown(
  traffic: readonly SeenMessage[],
  extensions: readonly ProtocolExtension[] = PROTOCOL_EXTENSIONS,
): void {
  const asked = new Set(traffic.filter(asksForMore).map(requestIdOf));
  const problems = traffic.flatMap((message) =>
    problemsOf(message, extensions, asked.has(requestIdOf(message))),
  );
  if (!traffic.some((message) => placeOf(message) === 'lifecycle message')) {
    problems.push('no lifecycle message was seen, so no schema document was looked at');
  }
  if (problems.length > 0) throw new Error(`Unknown traffic:\n${[...new Set(problems)].join('\n')}`);
}

/** Whether this is a request whose asker wants more than one answer. */
function asksForMore(message: SeenMessage): boolean {
  return placeOf(message) === 'request' && has(message, ACCEPT_HEADER);
}

function requestIdOf({ headers }: SeenMessage): string | undefined {
  return headers.find(([name]) => name === WIRE_0_9.headerNames.requestId)?.[1];
}

function has({ headers }: SeenMessage, wanted: string): boolean {
  return headers.some(([name]) => name === wanted);
}

/** `isAsked`: it is about a request whose asker wants more than one answer. */
function problemsOf(
  message: SeenMessage,
  extensions: readonly ProtocolExtension[],
  isAsked: boolean,
): string[] {
  const { channel, headers } = message;
  const place = placeOf(message);
  if (place === undefined) return [`a message on ${channel}, which is no channel of the protocol`];
  const allowed = allowedIn(place, extensions, isAsked);
  const names = headers.map(([name]) => name);
  const protocol = protocolHeaders(place);
  return [
    ...names.filter((name) => !protocol.has(name) && !allowed.has(name)).map((name) => `header ${name}`),
    ...[...protocol].filter((name) => !names.includes(name)).map((name) => `no header ${name}`),
    ...names.filter((name, index) => names.indexOf(name) < index).map((name) => `two headers ${name}`),
    ...(place === 'lifecycle message' ? documentProblems(message, extensions) : []),
  ].map((problem) => `${problem} on ${channel}`);
}

function placeOf(message: SeenMessage): Exclude<ExtensionPlace, 'schema document'> | undefined {
  const { channel } = message;
  if (channel.endsWith('/request')) return 'request';
  if (channel.endsWith('/response') && has(message, PART_HEADER)) return 'part';
  if (channel.endsWith('/response') && has(message, CONTROL_HEADER)) return 'control message';
  if (channel.endsWith('/response')) return 'answer';
  if (channel.endsWith('/lifecycle')) return 'lifecycle message';
  return channel.split('/').at(-3) === 'events' ? 'event' : undefined;
}

/** Where nobody has asked for anything, only what goes to everybody may be there. */
function allowedIn(
  place: ExtensionPlace,
  extensions: readonly ProtocolExtension[],
  isAsked: boolean,
): ReadonlySet<string> {
  const here = extensions.filter(
    ({ places, goesTo }) => places.includes(place) && (isAsked || goesTo === 'everybody'),
  );
  return new Set(here.map(({ name }) => name));
}

function protocolHeaders(place: ExtensionPlace): ReadonlySet<string> {
  const { userspace, event, lifecycle } = WIRE_0_9.headerSchemas;
  const schema = place === 'event' ? event : place === 'lifecycle message' ? lifecycle : userspace;
  const names: Readonly<Record<string, string>> = WIRE_0_9.headerNames;
  return new Set(Object.keys(schema.properties).map((field) => names[field] ?? field));
}

function documentProblems({ payload }: SeenMessage, extensions: readonly ProtocolExtension[]): string[] {
  const { schema } = (JSON.parse(new TextDecoder().decode(payload)) ?? {}) as { schema?: SchemaDocument };
  if (schema === undefined) return [];
  const allowed = allowedIn('schema document', extensions, false);
  const { userspaceHeaders, eventHeaders } = schema.components.messageTraits.commonHeaders;
  return [
    ...keysOf(schema)
      .filter((key) => key.startsWith('x-') && !allowed.has(key))
      .map((key) => `key ${key} of the schema document`),
    ...traitProblems('request', userspaceHeaders),
    ...traitProblems('event', eventHeaders),
  ];
}

interface SchemaDocument {
  readonly components: {
    readonly messageTraits: {
      readonly commonHeaders: Readonly<Record<'userspaceHeaders' | 'eventHeaders', Traits>>;
    };
  };
}

interface Traits {
  readonly properties: object;
}

function traitProblems(place: ExtensionPlace, { properties }: Traits): string[] {
  const protocol = protocolHeaders(place);
  return Object.keys(properties)
    .filter((name) => !protocol.has(name))
    .map((name) => `trait ${name} of the schema document`);
}

function keysOf(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [key, ...keysOf(value)]);
}
