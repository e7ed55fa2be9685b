import { internalsOf } from '@intersect-sdk/contract/internal';
import type { AnyCapability } from '@intersect-sdk/contract/plain';
import type { Issue } from '@intersect-sdk/core';
import { throwConfigError } from '@intersect-sdk/core/internal';
import type { IntersectServiceConfig } from '@intersect-sdk/messaging';
import type { ServiceSchema } from '@intersect-sdk/schema';
import { type ResolvedServiceConfig, resolveServiceConfig } from '../config.js';
import { atWorkAtOnce } from '../replicas/window.js';
import { createCoreCapability } from '../status/core-capability.js';
import { compileCapabilities } from './compile-capabilities.js';
import { compileCapability } from './compile-capability.js';
import type { CompiledCapability } from './compiled.js';
import { schemaOf } from './service-schema.js';

export interface CompiledService {
  readonly config: ResolvedServiceConfig;
  /** The capability that every service has comes first. */
  readonly capabilities: readonly CompiledCapability[];
  readonly schema: ServiceSchema;
}

/** Checks and compiles all that a service is made of. Throws one ConfigError with every problem. */
export function compileService(
  capabilities: readonly AnyCapability[],
  input: IntersectServiceConfig,
): CompiledService {
  const issues: Issue[] = [];
  const config = resolveServiceConfig(input, issues);
  const { declarations, compiled } = compileCapabilities(capabilities, { needCode: true, issues });
  if (config.dataStores.length === 0) issues.push(...storesNeeded(compiled));
  const schema = schemaOf(declarations, config, issues);
  throwConfigError('The service cannot be set up', issues);
  const core = internalsOf(createCoreCapability());
  const all = core
    ? [compileCapability(core.declaration, core.implementation, { path: '', issues: [] }), ...compiled]
    : compiled;
  return { config: withWindow(config, all), capabilities: all, schema: schema as ServiceSchema };
}

/** Of several instances, one that is busy leaves to the others what it can't begin with. */
function withWindow(
  config: ResolvedServiceConfig,
  capabilities: readonly CompiledCapability[],
): ResolvedServiceConfig {
  if (!config.instance || config.isWindowGiven) return config;
  const operations = capabilities.flatMap((capability) => capability.operations);
  return { ...config, maxInFlight: atWorkAtOnce(operations, config.concurrency) };
}

function storesNeeded(capabilities: readonly CompiledCapability[]): Issue[] {
  const message = "uses the data handler 'MINIO', which needs a data store in the configuration's dataStores";
  return capabilities.flatMap(({ name, operations, events }) => [
    ...operations
      .filter(({ answerDataHandler }) => answerDataHandler === 'MINIO')
      .map(({ fullName }) => ({ path: fullName, message })),
    ...[...events]
      .filter(([, { dataHandler }]) => dataHandler === 'MINIO')
      .map(([event]) => ({ path: `${name}.${event}`, message })),
  ]);
}
