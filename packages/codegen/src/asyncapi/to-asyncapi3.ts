import { isNode, type JsonSchema, type SchemaNode } from '@intersect-sdk/contract/internal';
import {
  type OperationDescription,
  type PayloadDescription,
  readServiceSchema,
} from '@intersect-sdk/schema/document';
import { componentKeys, schemaForm } from './schema-form.js';

type Json = Readonly<Record<string, unknown>>;

/** A document of AsyncAPI 3. */
export interface AsyncApi3Document {
  readonly asyncapi: '3.0.0';
  readonly info: Json;
  readonly channels: Json;
  readonly operations: Json;
  readonly components: Json;
  readonly [further: string]: unknown;
}

/**
 * The schema document of a service as AsyncAPI 3, seen from the service: it receives requests and sends answers, events and lifecycle
 * messages. Addresses are topics of MQTT; on AMQP they have `.` for `/`. Schemas stay in their dialect, JSON Schema 2020-12. Keys that begin
 * with `x-` are kept where they stood, those of a capability at its tag. Throws MessageError PAYLOAD_INVALID, with every problem, for what is no schema document.
 */
export function toAsyncApi3(document: unknown): AsyncApi3Document {
  const { address, capabilities, definitions } = readServiceSchema(document);
  const raw = document as SchemaNode;
  const writer = new Writer(address, componentKeys(Object.keys(definitions)), headersOf(raw));
  for (const { name, operations, events } of capabilities) {
    const node = nodeAt(raw, 'capabilities', name);
    const endpoints = node.endpoints ?? node.channels;
    for (const operation of operations) writer.operation(name, operation, nodeAt(endpoints, operation.name));
    for (const event of events) writer.event(name, event, nodeAt(node.events, event.name));
  }
  writer.lifecycle(capabilities.map(({ name, status }) => [name, status]));
  const info = nodeAt(raw, 'info');
  const tags = capabilities.map(({ name, description }) => ({
    name,
    ...described(description),
    ...extensionsOf(nodeAt(raw, 'capabilities', name)),
  }));
  return {
    asyncapi: '3.0.0',
    ...extensionsOf(raw),
    info: {
      title: address,
      version: typeof info.version === 'string' ? info.version : '0.0.0',
      ...described(typeof info.description === 'string' ? info.description : undefined),
      ...extensionsOf(info),
      ...(tags.length > 0 ? { tags } : {}),
    },
    defaultContentType: 'application/json',
    ...writer.finish(definitions),
  };
}

class Writer {
  readonly #address: string;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #headers: Json;
  readonly #channels: Record<string, Record<string, unknown>> = {};
  readonly #operations: Record<string, object> = {};
  readonly #messages: Record<string, object> = {};

  constructor(address: string, keys: ReadonlyMap<string, string>, headers: Json) {
    this.#address = address.replaceAll('.', '/');
    this.#keys = keys;
    this.#headers = headers;
  }

  operation(
    capability: string,
    { name, description, request, response }: OperationDescription,
    node: SchemaNode,
  ): void {
    const id = `${capability}.${name}`;
    const question = this.#message('request', `${id}.request`, {
      payload: request,
      node: nodeAt(node, 'subscribe', 'message'),
      headers: 'userspaceHeaders',
      description: `Has the header operation_id ${id}.`,
    });
    const answer = this.#message('reply', `${id}.response`, {
      payload: response,
      node: nodeAt(node, 'publish', 'message'),
      headers: 'userspaceHeaders',
      description: 'With the header has_error true, it is a sentence under the content type text/plain.',
    });
    this.#operations[id] = {
      action: 'receive',
      channel: channelRef('request'),
      ...described(description),
      tags: [{ name: capability }],
      ...extensionsOf(nodeAt(node, 'subscribe')),
      ...extensionsOf(nodeAt(node, 'publish')),
      ...extensionsOf(node),
      messages: [question],
      reply: {
        address: {
          location: '$message.header#/source',
          description: 'The asker, with / for each dot and /response behind it.',
        },
        channel: channelRef('reply'),
        messages: [answer],
      },
    };
  }

  event(
    capability: string,
    event: PayloadDescription & { readonly name: string; readonly description?: string | undefined },
    node: SchemaNode,
  ): void {
    const id = `${capability}.${event.name}`;
    const channel = `events.${id}`;
    this.#channel(channel, `${this.#address}/events/${capability}/${event.name}`);
    const message = this.#message(channel, `${id}.event`, { payload: event, node, headers: 'eventHeaders' });
    this.#operations[channel] = {
      action: 'send',
      channel: channelRef(channel),
      ...described(event.description),
      tags: [{ name: capability }],
      ...extensionsOf(node),
      messages: [message],
    };
  }

  /** What a service tells by itself: its document and the status of each capability. */
  lifecycle(statuses: readonly (readonly [string, JsonSchema | undefined])[]): void {
    const known = statuses.filter(([, status]) => status !== undefined);
    const properties = Object.fromEntries(
      known.map(([name, status]) => [name, { anyOf: [status, { type: 'null' }] }]),
    );
    const schema = {
      type: 'object',
      properties: { schema: { type: 'object' }, status: { type: 'object', properties } },
    };
    this.#channel('lifecycle', `${this.#address}/lifecycle`);
    const message = this.#message('lifecycle', 'lifecycle', {
      payload: { schema, contentType: 'application/json' },
      node: {},
      description: 'This payload comes with the lifecycle_type LCT_STARTUP and LCT_POLLING.',
    });
    this.#operations.lifecycle = { action: 'send', channel: channelRef('lifecycle'), messages: [message] };
  }

  finish(definitions: Readonly<Record<string, JsonSchema>>) {
    const schemas = Object.entries(definitions).map(([name, schema]) => [
      this.#keys.get(name),
      schemaForm(schema, this.#keys),
    ]);
    const traits = Object.entries(this.#headers).map(([name, headers]) => [
      name,
      { headers: movedHeaders(headers, name) },
    ]);
    return {
      channels: this.#channels,
      operations: this.#operations,
      components: {
        schemas: Object.fromEntries(schemas),
        messages: this.#messages,
        ...(traits.length > 0 ? { messageTraits: Object.fromEntries(traits) } : {}),
      },
    };
  }

  /** Puts a message on a channel, and gives the reference to it. */
  #message(
    channel: string,
    name: string,
    {
      payload,
      node,
      headers,
      description,
    }: {
      readonly payload: PayloadDescription | undefined;
      readonly node: SchemaNode;
      readonly headers?: string;
      readonly description?: string;
    },
  ): object {
    const hasTrait = headers !== undefined && Object.hasOwn(this.#headers, headers);
    this.#messages[name] = {
      name,
      ...described(description),
      contentType: payload?.contentType ?? 'application/json',
      // An operation that takes nothing is sent null.
      payload: schemaForm(payload?.schema ?? { type: 'null' }, this.#keys),
      ...extensionsOf(node),
      ...(hasTrait ? { traits: [{ $ref: `#/components/messageTraits/${headers}` }] } : {}),
    };
    const known = this.#channel(channel, channel === 'reply' ? null : `${this.#address}/${channel}`);
    (known.messages as Record<string, object>)[name] = { $ref: `#/components/messages/${name}` };
    return { $ref: `#/channels/${channel}/messages/${name}` };
  }

  #channel(name: string, address: string | null): Record<string, unknown> {
    const channel = this.#channels[name] ?? { address, messages: {} };
    this.#channels[name] = channel;
    return channel;
  }
}

function headersOf(raw: SchemaNode): Json {
  const known = nodeAt(raw, 'components', 'messageTraits', 'commonHeaders');
  return Object.fromEntries(Object.entries(known).filter(([, headers]) => isNode(headers)));
}

const HEADERS_BEFORE = /^#\/components\/messageTraits\/commonHeaders\/[^/]+\//;

/** Those of version 0.8 refer to parts of themselves, by a place at which not even all of them stood. */
function movedHeaders(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return value.map((item) => movedHeaders(item, name));
  if (!isNode(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key,
    key === '$ref' && typeof item === 'string'
      ? item.replace(HEADERS_BEFORE, `#/components/messageTraits/${name}/headers/`)
      : movedHeaders(item, name),
  ]);
  return Object.fromEntries(entries);
}

function channelRef(name: string): object {
  return { $ref: `#/channels/${name}` };
}

function described(description: string | undefined): { readonly description?: string } {
  return description ? { description } : {};
}

function extensionsOf(node: SchemaNode): Json {
  return Object.fromEntries(Object.entries(node).filter(([key]) => /^x-[\w.-]+$/.test(key)));
}

function nodeAt(node: unknown, ...path: readonly string[]): SchemaNode {
  let found = node;
  for (const key of path) found = isNode(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  return isNode(found) ? found : {};
}
