import { isStreamSchema } from '@intersect-sdk/contract/internal';
import type { JsonSchema, ServiceDescription } from '@intersect-sdk/schema/document';

/** What the page needs to know of one operation to ask for it. */
export interface KnownOperation {
  /** `capability.operation`. */
  readonly fullName: string;
  readonly description: string | undefined;
  /** Undefined: it takes nothing. */
  readonly request: { readonly schema: JsonSchema; readonly contentType: string } | undefined;
  /** The answer can be had item by item. */
  readonly isStream: boolean;
  readonly response: { readonly schema: JsonSchema; readonly contentType: string };
}

export const JSON_TYPE = 'application/json';

export function operationsOf({ capabilities }: ServiceDescription): KnownOperation[] {
  return capabilities.flatMap(({ name: capability, operations }) =>
    operations.map(({ name, description, request, response }) => ({
      fullName: `${capability}.${name}`,
      description,
      request,
      response,
      isStream: isStreamSchema(response.schema),
    })),
  );
}
