import { isNode, isStreamSchema, type JsonSchema, type SchemaNode } from '@intersect-sdk/contract/internal';
import { blockComment, commentOf } from './comment.js';
import { fieldAccess, fieldName, textLiteral, valueLiteral } from './literal.js';
import { Names } from './names.js';
import { type GenerateOptions, readGenerateOptions } from './options.js';
import { type DocumentCapability, type Payload, readDocument } from './read-document.js';
import { type Direction, union } from './type-text.js';
import { DocumentTypes } from './types-of-document.js';

interface Module {
  readonly types: DocumentTypes;
  readonly document: SchemaNode;
  readonly hasDefinitions: boolean;
  readonly statusNames: Readonly<Record<string, string>>;
}

/**
 * The text of a TypeScript module with the contract of a service, made of its schema document: a type for each named type, a
 * definition for each capability, to be given to `client.capability` and `service.capability`, and the document itself. The same document always gives
 * the same text. A type that has fields with defaults is there twice: `X` is what the service sends, with all of them, `XInput` what it is sent.
 * Throws MessageError PAYLOAD_INVALID for what is no schema document, ConfigError for schemas that cannot be used; each with every problem.
 */
export function generateContract(document: unknown, options: GenerateOptions = {}): string {
  const { address, protocolVersion, capabilities, schemas, sayNothing } = readDocument(document);
  const statusNames = readGenerateOptions(options, capabilities);
  const names = new Names();
  const payloads = capabilities.flatMap(payloadsOf).map(({ schema }) => schema);
  const types = new DocumentTypes(schemas, payloads, names);
  const constants = capabilities.map(({ name }) => names.take(name));
  const shapes = constants.map((name) => names.take(`${name}Shape`));
  const module: Module = {
    types,
    document: document as SchemaNode,
    hasDefinitions: schemas.size > 0,
    statusNames,
  };
  const plainDocument = valueLiteral(document);
  const parts = [
    [
      `// Made by @intersect-sdk/codegen of the schema document of ${textLiteral(address)}, protocol ${textLiteral(protocolVersion)}.`,
      '// Changes of this file are lost: make it again of a newer document instead.',
      '/* eslint-disable */',
      ...(capabilities.length > 0
        ? [`import { type CapabilityDefinition, defineCapability } from '@intersect-sdk/contract/plain';`]
        : []),
    ].join('\n'),
    ...types.declarations(),
    ...capabilities.map((capability, index) => shapeOf(capability, String(shapes[index]), module)),
    `/** The address of the service whose document this was. */\nexport const address: string = ${textLiteral(address)};`,
    `const document = ${plainDocument};`,
    '/** The schema document, as the service gave it. */\nexport const schemaDocument: object = document;',
    ...(module.hasDefinitions ? [definitionsOf(sayNothing)] : []),
    ...capabilities.map((capability, index) =>
      definitionOf(capability, { name: String(constants[index]), shape: String(shapes[index]) }, module),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

function definitionsOf(sayNothing: readonly string[]): string {
  if (sayNothing.length === 0) return 'const definitions = document.components.schemas;';
  const entries = sayNothing.map((name) => `  ${quotedKey(name)}: {},`);
  return [
    '// Of these types the document says only that they are themselves, so everything is taken for them.',
    'const definitions = {',
    '  ...document.components.schemas,',
    ...entries,
    '};',
  ].join('\n');
}

function payloadsOf({ operations, events, status }: DocumentCapability): Payload[] {
  return [
    ...operations.flatMap(({ request, response }) => (request ? [request, response] : [response])),
    ...events.map(({ payload }) => payload),
    ...(status ? [status] : []),
  ];
}

function shapeOf(capability: DocumentCapability, name: string, { types, statusNames }: Module): string {
  const { operations, events, status } = capability;
  const lines = [
    ...record(
      'operations',
      operations.map((operation) => [
        ...blockComment(operation.description ? [operation.description] : []),
        `${fieldName(operation.name)}: {`,
        ...indented(
          operation.request
            ? field('argument', operation.request, { types, direction: 'request' })
            : ['argument: undefined;'],
        ),
        ...indented(field('answer', operation.response, { types, direction: 'answer' })),
        ...indented(itemField(operation.response.schema, types)),
        '};',
      ]),
    ),
    ...record(
      'events',
      events.map(({ name: event, description, payload }) => [
        ...commentOf(payload.schema, description),
        `${fieldName(event)}: ${payloadType(payload, { types, direction: 'answer' })};`,
      ]),
    ),
    // Which function gives the status is not said in a document.
    ...(status
      ? [
          `status: { name: ${statusName(capability, statusNames)}; value: ${payloadType(status, { types, direction: 'answer' })} };`,
        ]
      : ['status: undefined;']),
  ];
  const comment = blockComment([`The types of the capability ${capability.name}.`]);
  return [...comment, `export interface ${name} {`, ...indented(lines), '}'].join('\n');
}

function statusName({ name }: DocumentCapability, names: Module['statusNames']): string {
  return Object.hasOwn(names, name) ? textLiteral(String(names[name])) : 'null';
}

function record(name: string, entries: readonly (readonly string[])[]): string[] {
  if (entries.length === 0) return [`${name}: Record<never, never>;`];
  return [`${name}: {`, ...indented(entries.flat()), '};'];
}

interface Written {
  readonly types: DocumentTypes;
  readonly direction: Direction;
}

function field(name: string, payload: Payload, written: Written): string[] {
  return [...commentOf(payload.schema), `${name}: ${payloadType(payload, written)};`];
}

/** Of an answer whose items can be had one by one. */
function itemField(answer: JsonSchema, types: DocumentTypes): string[] {
  return isStreamSchema(answer) ? [`item: ${types.text(answer.items, 'answer')};`] : [];
}

function payloadType({ schema, isBinary }: Payload, { types, direction }: Written): string {
  if (isBinary) return 'Uint8Array';
  const text = types.text(schema, direction);
  // A request without an argument gets the default.
  const mayBeLeftOut = direction === 'request' && isNode(schema) && Object.hasOwn(schema, 'default');
  return mayBeLeftOut ? union([text, 'undefined']) : text;
}

function definitionOf(
  capability: DocumentCapability,
  { name, shape }: { readonly name: string; readonly shape: string },
  { document, hasDefinitions, statusNames }: Module,
): string {
  const path = `document.capabilities${fieldAccess(capability.name)}`;
  const raw = nodeAt(document, 'capabilities', capability.name);
  const operationsKey = raw.endpoints === undefined && raw.channels !== undefined ? 'channels' : 'endpoints';
  const operations = capability.operations.map((operation) => {
    const at = `${path}.${operationsKey}${fieldAccess(operation.name)}`;
    return [
      `${quotedKey(operation.name)}: {`,
      ...(operation.description === undefined ? [] : [`  description: ${at}.publish.description,`]),
      ...(operation.request
        ? [`  request: ${reference(operation.request, `${at}.subscribe.message.payload`)},`]
        : []),
      `  response: ${reference(operation.response, `${at}.publish.message.payload`)},`,
      '},',
    ];
  });
  const events = capability.events.map((event) => {
    const at = `${path}.events${fieldAccess(event.name)}`;
    const isEnvelope = nodeAt(raw, 'events', event.name).payload !== undefined;
    return [
      `${quotedKey(event.name)}: {`,
      ...(event.description === undefined ? [] : [`  description: ${at}.description,`]),
      `  schema: ${reference(event.payload, isEnvelope ? `${at}.payload` : at)},`,
      '},',
    ];
  });
  const lines = [
    `name: ${textLiteral(capability.name)},`,
    ...(capability.description === undefined ? [] : [`description: ${path}.description,`]),
    ...(hasDefinitions ? ['definitions,'] : []),
    ...(operations.length === 0 ? [] : ['operations: {', ...indented(operations.flat()), '},']),
    ...(events.length === 0 ? [] : ['events: {', ...indented(events.flat()), '},']),
    ...(capability.status
      ? [
          `status: { name: ${statusName(capability, statusNames)}, schema: ${reference(capability.status, `${path}.status`)} },`,
        ]
      : []),
  ];
  return [
    ...blockComment(capability.description ? [capability.description] : []),
    `export const ${name}: CapabilityDefinition<${shape}> = defineCapability<${shape}>({`,
    ...indented(lines),
    '});',
  ].join('\n');
}

/** A schema is an object where it is declared, also one that takes everything or nothing. */
function reference({ schema, isNode: standsThere }: Payload, path: string): string {
  if (standsThere) return path;
  return schema === false ? '{ not: {} }' : '{}';
}

function quotedKey(name: string): string {
  return name === '__proto__' ? "['__proto__']" : fieldName(name);
}

function nodeAt(node: SchemaNode, ...path: readonly string[]): SchemaNode {
  let found: unknown = node;
  for (const key of path) found = isNode(found) ? found[key] : undefined;
  return isNode(found) ? found : {};
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line.replaceAll('\n', '\n  ')}`);
}
