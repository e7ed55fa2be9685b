import { isNode, type JsonSchema, SchemaCollector, type SchemaNode } from '@intersect-sdk/contract/internal';
import { ConfigError, type Issue } from '@intersect-sdk/core';
import {
  DEFAULT_CONTENT_TYPE,
  isCapabilityName,
  isContentType,
  isEventName,
  RESERVED_CAPABILITY,
  wireOf,
} from '@intersect-sdk/core/internal';
import { CORE_CAPABILITY } from './core-capability.js';
import { binaryTypeOf } from './descriptions.js';
import { documentForm, withTitle } from './document-form.js';
import { messageTraits } from './message-traits.js';
import type {
  CapabilityInput,
  EventInput,
  OperationInput,
  PayloadInput,
  ServiceInput,
  ServiceSchema,
} from './service-input.js';

const ENVELOPE = { schemaFormat: 'application/vnd.aai.asyncapi+json;version=2.6.0' };
const TRAITS = { traits: { $ref: '#/components/messageTraits/commonHeaders' } };
const OPERATION_NAME = /^[A-Za-z_]\w*$/;

/**
 * Makes the schema document of a service, as the reference makes it for the same capabilities (protocol
 * section 7). A type with an `$id` becomes a named type under that name. The same input always gives
 * the same document. Throws ConfigError with every problem: a bad name, two types with one name, bytes
 * without a content type.
 */
export function buildServiceSchema(input: ServiceInput): ServiceSchema {
  const { hierarchy, capabilities, definitions } = input;
  const wire = wireOf(input);
  const builder = new DocumentBuilder(definitions);
  const checked = wire.checkHierarchy(hierarchy, builder.issues, 'hierarchy');
  const hasCore = capabilities.some(({ name }) => name === RESERVED_CAPABILITY);
  const all = hasCore
    ? capabilities.toSorted(
        (a, b) => Number(b.name === RESERVED_CAPABILITY) - Number(a.name === RESERVED_CAPABILITY),
      )
    : [CORE_CAPABILITY, ...capabilities];
  const built = all.map((capability) =>
    builder.capability(capability, `capabilities[${capabilities.indexOf(capability)}]`),
  );
  builder.uniqueNames(capabilities, 'capabilities');
  const schemas = builder.finish();
  if (!checked || builder.issues.length > 0) {
    throw new ConfigError('The schema of the service cannot be made', builder.issues);
  }
  return {
    asyncapi: '2.6.0',
    'x-intersect-version': wire.version,
    info: { title: wire.addressOf(checked), description: 'INTERSECT schema', version: '0.0.0' },
    defaultContentType: DEFAULT_CONTENT_TYPE,
    capabilities: Object.fromEntries(all.map(({ name }, index) => [name, built[index] ?? {}])),
    components: { schemas, messageTraits: messageTraits(wire) },
  };
}

class DocumentBuilder {
  readonly issues: Issue[];
  readonly #collector: SchemaCollector;

  constructor(given: Readonly<Record<string, JsonSchema>> | undefined) {
    this.#collector = new SchemaCollector({ given });
    this.issues = this.#collector.issues;
  }

  capability(capability: CapabilityInput, path: string): SchemaNode {
    const { name, description, operations = [], events = [], status } = capability;
    if (!isCapabilityName(name)) this.#refuse(`${path}.name`, "must be letters, digits and '_', at most 255");
    this.uniqueNames(operations, `${path}.operations`);
    this.uniqueNames(events, `${path}.events`);
    const endpoints = operations
      .map(
        (operation, index) =>
          [operation.name, this.#operation(operation, `${path}.operations[${index}]`)] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      endpoints: Object.fromEntries(endpoints),
      events: Object.fromEntries(
        events.map((event, index) => [event.name, this.#event(event, `${path}.events[${index}]`)]),
      ),
      status: status === undefined ? { type: 'null' } : this.#status(status, `${path}.status`),
      ...described(description),
    };
  }

  uniqueNames(items: readonly { readonly name: string }[], path: string): void {
    const seen = new Set<string>();
    for (const [index, { name }] of items.entries()) {
      if (seen.has(name)) this.#refuse(`${path}[${index}].name`, `is taken already: '${name}'`);
      seen.add(name);
    }
  }

  /** The named types, in the order of their names. */
  finish(): Readonly<Record<string, JsonSchema>> {
    this.#collector.finish();
    const named = [...this.#collector.definitions].sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(named.map(([name, schema]) => [name, withTitle(documentForm(schema), name)]));
  }

  // In this document `publish` is what the service publishes, its response. The reference writes the
  // content type of each beside the other one, and its peers read it so.
  #operation({ name, description, request, response }: OperationInput, path: string): SchemaNode {
    if (!OPERATION_NAME.test(name))
      this.#refuse(`${path}.name`, "must be letters, digits and '_', no digit first");
    const question =
      request && this.#payload(request, request.parameter ?? name, { path: `${path}.request`, name });
    const answer = this.#payload(response ?? { schema: { type: 'null' } }, name, {
      path: `${path}.response`,
      name,
    });
    const message = (contentType: string, payload: JsonSchema | undefined): SchemaNode => ({
      ...ENVELOPE,
      contentType,
      ...TRAITS,
      ...(payload === undefined ? {} : { payload }),
    });
    return {
      publish: {
        message: message(question?.contentType ?? DEFAULT_CONTENT_TYPE, answer.schema),
        ...described(description),
      },
      subscribe: { message: message(answer.contentType, question?.schema), ...described(description) },
    };
  }

  #event({ name, description, ...payload }: EventInput, path: string): JsonSchema {
    if (!isEventName(name)) this.#refuse(`${path}.name`, "must be letters, digits and '_', at most 255");
    const { schema, contentType } = this.#payload(payload, name, { path, name });
    // As the reference has it, an event of bytes is its bare schema.
    if (binaryTypeOf(schema) !== undefined) return schema;
    return { ...ENVELOPE, contentType, payload: schema, ...TRAITS, ...described(description) };
  }

  #status(status: JsonSchema, path: string): JsonSchema {
    return this.#payload({ schema: status, contentType: DEFAULT_CONTENT_TYPE }, 'Status', {
      path,
      name: 'Status',
    }).schema;
  }

  #payload(
    { schema, contentType }: PayloadInput,
    title: string,
    { path, name }: { readonly path: string; readonly name: string },
  ): Required<PayloadInput> & { readonly contentType: string } {
    const isBytes = isNode(schema) && schema.format === 'binary';
    const declared = binaryTypeOf(schema);
    const type = contentType ?? declared ?? DEFAULT_CONTENT_TYPE;
    if (!isContentType(type))
      this.#refuse(`${path}.contentType`, "must be of the form 'type/subtype', without parameters");
    else if (type === DEFAULT_CONTENT_TYPE) {
      if (declared !== undefined)
        this.#refuse(path, 'is raw bytes, whose content type must not be application/json');
    } else if (!isBytes) {
      this.#refuse(
        path,
        `must be { type: 'string', format: 'binary' } under content type ${type}: what is not JSON is raw bytes`,
      );
    } else if (declared !== undefined && declared !== type) {
      this.#refuse(path, `says two content types, ${declared} and ${type}`);
    }
    const form = documentForm(this.#collector.add(schema, path));
    if (type === DEFAULT_CONTENT_TYPE) return { schema: withTitle(form, title), contentType: type };
    return { schema: { ...(form as object), title: name, contentMediaType: type }, contentType: type };
  }

  #refuse(path: string, message: string): void {
    this.issues.push({ path, message });
  }
}

function described(description: string | undefined): { readonly description?: string } {
  return description ? { description } : {};
}
