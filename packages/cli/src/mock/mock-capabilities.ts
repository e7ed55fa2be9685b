import type { CapabilityDeclaration, OperationDeclaration } from '@intersect-sdk/contract/plain';
import { DEFAULT_CONTENT_TYPE, RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import type {
  CapabilityDescription,
  PayloadDescription,
  ServiceDescription,
} from '@intersect-sdk/schema/document';
import { type AnyCapability, Binary, defineCapability } from '@intersect-sdk/service';
import { standalone } from '../schemas/standalone.js';
import { generatorOf } from './generate.js';

interface MockOptions {
  readonly seed: number;
  /** Told of each request that is answered. */
  readonly onAnswer: (operation: string) => void;
}

/** The capabilities of a schema document, with answers that are generated from it. */
export function mockCapabilities(description: ServiceDescription, options: MockOptions): AnyCapability[] {
  return description.capabilities
    .filter(({ name }) => name !== RESERVED_CAPABILITY)
    .map((capability) => mockOf(capability, description, options));
}

function mockOf(
  { name, description, operations, events, status }: CapabilityDescription,
  { definitions }: ServiceDescription,
  { seed, onAnswer }: MockOptions,
): AnyCapability {
  const schemaOf = ({ schema, contentType }: PayloadDescription): object =>
    contentType === DEFAULT_CONTENT_TYPE ? standalone(schema, definitions) : Binary(contentType);
  const declared: Record<string, OperationDeclaration> = {};
  const code: Record<string, () => unknown> = {};
  const answerBy = (operation: string, payload: PayloadDescription): (() => unknown) => {
    const generate = generatorOf(`${name}.${operation}`, payload, { definitions, seed });
    return () => {
      onAnswer(`${name}.${operation}`);
      return generate();
    };
  };
  for (const operation of operations) {
    declared[operation.name] = {
      description: operation.description,
      ...(operation.request && { request: schemaOf(operation.request) }),
      response: schemaOf(operation.response),
    };
    code[operation.name] = answerBy(operation.name, operation.response);
  }
  // The document does not tell under which name the status can be asked for.
  const statusName =
    ['status', 'get_status', 'mock_status'].find((each) => !Object.hasOwn(declared, each)) ?? '_status';
  if (status !== undefined) {
    code[statusName] = answerBy(statusName, { schema: status, contentType: DEFAULT_CONTENT_TYPE });
  }
  const declaration: CapabilityDeclaration = {
    name,
    description,
    operations: declared,
    events: Object.fromEntries(
      events.map((event) => [event.name, { description: event.description, schema: schemaOf(event) }]),
    ),
    ...(status !== undefined && { status: { name: statusName, schema: standalone(status, definitions) } }),
  };
  return defineCapability(declaration as never).implement(code as never);
}
