import { internalsOf } from '@intersect-sdk/contract/internal';
import type { AnyDefinition, CapabilityDeclaration } from '@intersect-sdk/contract/plain';
import type { Issue } from '@intersect-sdk/core';
import { RESERVED_CAPABILITY } from '@intersect-sdk/core/internal';
import { compileCapability } from './compile-capability.js';
import type { CompiledCapability } from './compiled.js';

export interface CompileOptions {
  /** Refuse what is declared but has no code. */
  readonly needCode: boolean;
  readonly issues: Issue[];
}

export interface CompiledCapabilities {
  readonly declarations: readonly CapabilityDeclaration[];
  readonly compiled: readonly CompiledCapability[];
}

/** Compiles what a user gives as capabilities. Remembers every problem of every one. */
export function compileCapabilities(capabilities: unknown, options: CompileOptions): CompiledCapabilities {
  const { issues, needCode } = options;
  if (!Array.isArray(capabilities) || capabilities.length === 0) {
    issues.push({ path: 'capabilities', message: 'must be a list with at least one capability' });
    return { declarations: [], compiled: [] };
  }
  const names = new Set<string>();
  const declarations: CapabilityDeclaration[] = [];
  const compiled: CompiledCapability[] = [];
  for (const [index, candidate] of capabilities.entries()) {
    const path = `capabilities[${index}]`;
    const implemented = internalsOf(candidate);
    const declaration = declarationOf(candidate) ?? implemented?.declaration;
    const code = implemented?.implementation;
    if (!declaration) {
      issues.push({ path, message: 'must be made by defineCapability(...).implement(...)' });
      continue;
    }
    if (needCode && !code) {
      issues.push({ path, message: 'is declared but has no code: give what its implement(...) returns' });
    }
    const one = compileCapability(declaration, code, { path, issues });
    const problem = nameProblem(one.name, names);
    if (problem) issues.push({ path: `${path}.name`, message: problem });
    names.add(one.name);
    declarations.push(declaration);
    compiled.push(one);
  }
  return { declarations, compiled };
}

/** Of what `defineCapability` made, in this or another copy of this package. */
function declarationOf(candidate: unknown): CapabilityDeclaration | undefined {
  return (candidate as Partial<AnyDefinition> | null | undefined)?.contract?.declaration;
}

function nameProblem(name: string, taken: ReadonlySet<string>): string | undefined {
  if (name === RESERVED_CAPABILITY) return `'${name}' is reserved for the capability that every service has`;
  return taken.has(name) ? `'${name}' is the name of another capability too` : undefined;
}
