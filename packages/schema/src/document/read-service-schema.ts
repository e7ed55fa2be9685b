import { isNode, type JsonSchema, type SchemaNode } from '@intersect-sdk/contract/internal';
import { hierarchyOf, type Issue, MessageError } from '@intersect-sdk/core';
import { DEFAULT_CONTENT_TYPE, kindOf } from '@intersect-sdk/core/internal';
import {
  binaryTypeOf,
  type CapabilityDescription,
  type EventDescription,
  type OperationDescription,
  type PayloadDescription,
  type ServiceDescription,
} from './descriptions.js';

const MOST_ISSUES = 50;

/**
 * Reads the schema document of a service, whoever made it, as plain data: what can be asked, which
 * events there are, what the status looks like. The quirks of the reference's documents are undone
 * (protocol section 7). Keys that it does not know are left out. Throws MessageError PAYLOAD_INVALID
 * with every problem. The schemas in the result are those of the document: `compileCheck` says whether one can be used.
 */
export function readServiceSchema(json: unknown): ServiceDescription {
  const reader = new DocumentReader();
  let description: ServiceDescription | undefined;
  try {
    description = reader.service(json);
  } catch (error) {
    if (!(error instanceof EnoughIssues)) throw error;
  }
  if (description && reader.issues.length === 0) return description;
  const { issues } = reader;
  throw new MessageError('PAYLOAD_INVALID', 'The schema document of a service cannot be read', { issues });
}

/** Ends the reading of a document that is wrong all over. */
class EnoughIssues extends Error {}

class DocumentReader {
  readonly issues: Issue[] = [];

  service(json: unknown): ServiceDescription {
    const document = this.#node(json, '');
    const address = this.#text(this.#node(document.info, 'info').title, 'info.title');
    const components = document.components === undefined ? {} : this.#node(document.components, 'components');
    return {
      address,
      hierarchy: hierarchyOf(address),
      protocolVersion: this.#text(document['x-intersect-version'], 'x-intersect-version'),
      capabilities: this.#entries(document.capabilities, 'capabilities').map(([name, value, path]) =>
        this.#capability(name, value, path),
      ),
      definitions: Object.fromEntries(
        this.#optionalEntries(components.schemas, 'components.schemas').map(([name, value, path]) => [
          name,
          this.#schema(value, path),
        ]),
      ),
    };
  }

  #capability(name: string, value: unknown, path: string): CapabilityDescription {
    const node = this.#node(value, path);
    const status = node.status === undefined ? undefined : this.#schema(node.status, `${path}.status`);
    return {
      name,
      ...this.#description(node, path),
      operations: this.#operations(node, path),
      events: this.#optionalEntries(node.events, `${path}.events`).map((entry) => this.#event(...entry)),
      ...(status === undefined || isNull(status) ? {} : { status }),
    };
  }

  /** SDKs of versions 0.7 and 0.8 call them `channels`, in the same shape. */
  #operations(node: SchemaNode, path: string): OperationDescription[] {
    const key = node.endpoints === undefined && node.channels !== undefined ? 'channels' : 'endpoints';
    return this.#optionalEntries(node[key], `${path}.${key}`).map((entry) => this.#operation(...entry));
  }

  // The reference writes the request's content type beside the response and the other way round, so
  // neither is looked at: what is not JSON is bytes, and says its content type in its schema.
  #operation(name: string, value: unknown, path: string): OperationDescription {
    const node = this.#node(value, path);
    const publish = this.#node(node.publish, `${path}.publish`);
    const answer = this.#node(publish.message, `${path}.publish.message`);
    const subscribe = node.subscribe === undefined ? {} : this.#node(node.subscribe, `${path}.subscribe`);
    const question =
      subscribe.message === undefined ? {} : this.#node(subscribe.message, `${path}.subscribe.message`);
    return {
      name,
      ...this.#description(publish, `${path}.publish`),
      ...(question.payload === undefined
        ? {}
        : { request: this.#payload(question.payload, `${path}.subscribe.message.payload`) }),
      response: this.#payload(answer.payload, `${path}.publish.message.payload`),
    };
  }

  #event(name: string, value: unknown, path: string): EventDescription {
    const node = this.#node(value, path);
    // An event of bytes is its bare schema, without the envelope that other events have; some documents have all events so.
    if (node.payload === undefined && isBareSchema(node)) return { name, ...this.#payload(node, path) };
    return { name, ...this.#description(node, path), ...this.#payload(node.payload, `${path}.payload`) };
  }

  #payload(value: unknown, path: string): PayloadDescription {
    const schema = this.#schema(value, path);
    return { schema, contentType: binaryTypeOf(schema) ?? DEFAULT_CONTENT_TYPE };
  }

  #schema(value: unknown, path: string): JsonSchema {
    return typeof value === 'boolean' ? value : this.#node(value, path);
  }

  #description(node: SchemaNode, path: string): { description?: string } {
    if (node.description === undefined || node.description === null) return {};
    return { description: this.#text(node.description, `${path}.description`) };
  }

  #text(value: unknown, path: string): string {
    if (typeof value === 'string') return value;
    this.#refuse(path, value, 'a string');
    return '';
  }

  #entries(value: unknown, path: string): [name: string, value: unknown, path: string][] {
    return Object.entries(this.#node(value, path)).map(([name, item]) => [
      name,
      item,
      `${path}.${short(name)}`,
    ]);
  }

  #optionalEntries(value: unknown, path: string): [name: string, value: unknown, path: string][] {
    return value === undefined ? [] : this.#entries(value, path);
  }

  #node(value: unknown, path: string): SchemaNode {
    if (isNode(value)) return value;
    // Where a value is wrong, its missing fields are no further problems.
    const parentIsWrong = this.issues.some((issue) => issue.path === '' || path.startsWith(`${issue.path}.`));
    if (!parentIsWrong) this.#refuse(path, value, 'an object');
    return {};
  }

  #refuse(path: string, value: unknown, wanted: string): void {
    if (this.issues.some((issue) => issue.path === '')) return;
    const message = value === undefined ? 'is missing' : `must be ${wanted}, got ${kindOf(value)}`;
    this.issues.push({ path, message });
    if (this.issues.length >= MOST_ISSUES) throw new EnoughIssues();
  }
}

const SCHEMA_SIGNS = [
  'type',
  '$ref',
  'anyOf',
  'oneOf',
  'allOf',
  'enum',
  'const',
  'contentMediaType',
  'title',
];

/** Whether it says what a value is, and not in what envelope it comes. */
function isBareSchema(node: SchemaNode): boolean {
  return SCHEMA_SIGNS.some((key) => Object.hasOwn(node, key));
}

function isNull(schema: JsonSchema): boolean {
  return isNode(schema) && schema.type === 'null';
}

function short(name: string): string {
  return name.length > 60 ? `${name.slice(0, 50)}...` : name;
}
