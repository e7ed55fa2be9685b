import { streamedHandlerOf } from '@intersect-sdk/contract/internal';
import {
  type Capability,
  type CapabilityDeclaration,
  type CapabilityDefinition,
  type CapabilityShape,
  defineCapability,
  type Handlers,
} from '@intersect-sdk/contract/plain';
import { CapabilityError, ConfigError, type Issue } from '@intersect-sdk/core';
import { unknownField } from '@intersect-sdk/core/internal';

type Handler = (argument: unknown, context: unknown) => unknown;
type Code = Readonly<Record<string, unknown>>;

/**
 * A capability as its contract declares it, with the handlers that a test needs and no others: an operation without one answers with
 * an error that says so. Handlers are looked up at each request, so that a test may replace one. Give it to `startLab`, or to any
 * service. A status without a function is not told by itself, and who asks for it gets that error. Throws ConfigError for a handler of
 * something that the contract does not declare.
 */
export function mockService<Shape extends CapabilityShape>(
  contract: CapabilityDefinition<Shape>,
  handlers: Partial<Handlers<Shape>> = {},
): Capability<Shape['events']> {
  const code = handlers as Code;
  const declaration = declarationFor(contract, code);
  const names = Object.keys(declaration.operations ?? {});
  const statusName = declaration.status === undefined ? [] : [declaration.status.name ?? 'status'];
  throwIfUnknown(code, [...names, ...statusName], declaration.name);
  const entries = [...names, ...statusName].map((name) => [name, handlerOf(name, code, declaration.name)]);
  return defineCapability<Shape>(declaration).implement(Object.fromEntries(entries) as Handlers<Shape>);
}

/** A status function can't be left out, so a status without one is asked for as an operation, and told by nobody. */
function declarationFor({ declaration }: CapabilityDefinition, code: Code): CapabilityDeclaration {
  const { status, operations, ...rest } = declaration;
  if (status === undefined) return declaration;
  const { name = 'status', schema } = status;
  // A contract that was made from the document of a service does not know it.
  if (name === null) return { ...rest, ...(operations && { operations }) };
  if (code[name] !== undefined) return declaration;
  return { ...rest, operations: { ...operations, [name]: { response: schema } } };
}

function throwIfUnknown(code: Code, known: readonly string[], capability: string): void {
  const issues: Issue[] = Object.keys(code)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: name, message: unknownField(name, known, 'operation') }));
  if (issues.length > 0) throw new ConfigError(`${capability} cannot be mocked`, issues);
}

function handlerOf(name: string, code: Code, capability: string): unknown {
  // Such a one is known by its brand, when the service is made.
  if (streamedHandlerOf(code[name])) return code[name];
  return (argument: unknown, context: unknown): unknown => {
    if (typeof code[name] === 'function') return (code as Record<string, Handler>)[name]?.(argument, context);
    throw new CapabilityError(
      `This is a mock of ${capability}, and it has no handler for ${name}: give mockService(...) one.`,
    );
  };
}
