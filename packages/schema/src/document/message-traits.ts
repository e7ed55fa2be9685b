import type { SchemaNode } from '@intersect-sdk/contract/internal';
import type { Wire } from '@intersect-sdk/core/internal';

interface HeaderSchema {
  readonly title?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** `components.messageTraits`: the headers of a service's messages, all of them text on the wire. */
export function messageTraits({ headerSchemas, headerNames }: Wire): SchemaNode {
  return {
    commonHeaders: {
      userspaceHeaders: onTheWire(headerSchemas.userspace, headerNames),
      eventHeaders: onTheWire(headerSchemas.event, headerNames),
    },
  };
}

function onTheWire({ title, properties }: HeaderSchema, names: Readonly<Record<string, string>>): SchemaNode {
  const fields = Object.entries(properties).map(([key, value]) => {
    const { title: fieldTitle, pattern, default: fallback } = value as Readonly<Record<string, unknown>>;
    const schema = {
      ...(pattern === undefined ? {} : { pattern }),
      ...(fieldTitle === undefined ? {} : { title: fieldTitle }),
      type: 'string',
    };
    return { name: names[key] ?? key, schema, isRequired: fallback === undefined };
  });
  return {
    properties: Object.fromEntries(fields.map(({ name, schema }) => [name, schema])),
    required: fields.filter(({ isRequired }) => isRequired).map(({ name }) => name),
    title,
    type: 'object',
  };
}
