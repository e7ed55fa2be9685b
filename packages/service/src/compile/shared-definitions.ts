import { canonicalText, isNode, type JsonSchema } from '@intersect-sdk/contract/internal';
import type { CapabilityDeclaration } from '@intersect-sdk/contract/plain';
import type { Issue } from '@intersect-sdk/core';

/** The named types of all capabilities together, as the document of a service has them. One name for two types is a problem. */
export function sharedDefinitions(
  declarations: readonly CapabilityDeclaration[],
  issues: Issue[],
): Readonly<Record<string, JsonSchema>> {
  const all = new Map<string, JsonSchema>();
  for (const [index, { definitions }] of declarations.entries()) {
    if (!isNode(definitions)) continue;
    for (const [name, schema] of Object.entries(definitions as Readonly<Record<string, JsonSchema>>)) {
      const known = all.get(name);
      if (known === undefined) all.set(name, schema);
      else if (known !== schema && canonicalText([known]) !== canonicalText([schema])) {
        const message =
          'is another type than the one of this name of another capability, and a service has one type for a name';
        issues.push({ path: `capabilities[${index}].definitions.${name}`, message });
      }
    }
  }
  return Object.fromEntries(all);
}
