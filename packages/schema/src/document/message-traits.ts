import { WIRE_0_9 } from '@intersect-sdk/core';
import { EVENT_HEADERS_SCHEMA, USERSPACE_HEADERS_SCHEMA } from '@intersect-sdk/core/internal';
import type { SchemaNode } from '../check/json-schema.js';

interface HeaderSchema {
  readonly title?: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const names: Readonly<Record<string, string>> = WIRE_0_9.headerNames;

/** `components.messageTraits`: the headers of a service's messages, all of them text on the wire. */
export function messageTraits(): SchemaNode {
  return {
    commonHeaders: {
      userspaceHeaders: onTheWire(USERSPACE_HEADERS_SCHEMA),
      eventHeaders: onTheWire(EVENT_HEADERS_SCHEMA),
    },
  };
}

function onTheWire({ title, properties }: HeaderSchema): SchemaNode {
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
