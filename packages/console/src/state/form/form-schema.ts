import type { JsonSchema } from '@intersect-sdk/schema/document';

type Node = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<string, JsonSchema>>;

/** By these the form knows which field of its own to draw. */
export const FORM_FORMATS = { json: 'console-json', const: 'console-const', binary: 'binary' } as const;

const NAMED_TYPE = '#/components/schemas/';
/** A schema that says no more than this takes anything. */
const SAYS_NOTHING = new Set(['title', 'description', 'default', 'components', 'examples', '$comment']);

/**
 * The schema of an argument in the words that the form library has: what is drawn. What is sent is checked against the schema that the service
 * gave, and not against this.
 */
export function formSchemaOf(schema: JsonSchema, definitions: Definitions): Node {
  const rewriter = new Rewriter(definitions);
  const root = rewriter.rewrite(schema, true);
  const types = Object.entries(definitions).map(([name, type]) => [name, rewriter.rewrite(type, true)]);
  return types.length > 0 ? { ...root, components: { schemas: Object.fromEntries(types) } } : root;
}

/** The words of the form library back in those of JSON Schema, so that a part of the form can be checked. */
export function plainSchemaOf(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema ?? true), (_key, value: unknown) => {
    if (!isNode(value)) return value;
    if (value.format === FORM_FORMATS.json) return {};
    if (!Array.isArray(value.items)) return value;
    const { items, additionalItems, ...others } = value;
    return { ...others, prefixItems: items, items: additionalItems ?? true };
  }) as JsonSchema;
}

class Rewriter {
  readonly #definitions: Definitions;

  constructor(definitions: Definitions) {
    this.#definitions = definitions;
  }

  rewrite(given: unknown, isRequired: boolean): Node {
    const schema: Node = isNode(given) ? given : {};
    if (given === false) return { not: {} };
    if (takesAnything(schema)) return { ...schema, type: 'string', format: FORM_FORMATS.json };
    const [only, ...more] = Array.isArray(schema.allOf) ? (schema.allOf as unknown[]) : [];
    if (isNode(only) && more.length === 0) {
      const { allOf: _, ...own } = schema;
      return this.rewrite({ ...only, ...own }, isRequired);
    }
    if (typeof schema.$ref === 'string' && isNode(schema.default)) {
      const model = this.#withDefaults(schema, schema.default);
      if (model.$ref === undefined) return this.rewrite(model, isRequired);
    }
    return this.#ofParts(schema, isRequired);
  }

  #ofParts(schema: Node, isRequired: boolean): Node {
    const node: Record<string, unknown> = { ...schema };
    for (const key of ['anyOf', 'oneOf']) {
      if (Array.isArray(node[key])) node[key] = node[key].map((form) => titled(this.rewrite(form, true)));
    }
    if (Array.isArray(node.prefixItems)) {
      node.items = node.prefixItems.map((item) => this.rewrite(item, true));
      node.additionalItems = isNode(schema.items) ? this.rewrite(schema.items, true) : false;
      delete node.prefixItems;
    } else if (node.items !== undefined) node.items = this.rewrite(node.items, true);
    if (isNode(node.properties)) {
      const required = Array.isArray(node.required) ? node.required : [];
      node.properties = mapped(node.properties, (part, name) => this.rewrite(part, required.includes(name)));
    }
    if (node.additionalProperties !== undefined && node.additionalProperties !== false) {
      node.additionalProperties = this.rewrite(node.additionalProperties, true);
    }
    // What nobody touched would be missing, and a check box does not show that.
    if (node.type === 'boolean' && isRequired && node.default === undefined) node.default = false;
    if (node.const !== undefined) Object.assign(node, { format: FORM_FORMATS.const, default: node.const });
    // With it the library keeps the seconds, and adds none to those that are there.
    if (node.format === 'time') node.multipleOf = 1;
    // Bytes in JSON are text; a file goes only where the content type is that of bytes.
    if (node.format === 'binary' && !node.contentMediaType) delete node.format;
    return node;
  }

  /** A default that is given to a whole model goes before the defaults of its fields: it is written down to them. */
  #withDefaults(schema: Node, value: unknown): Node {
    const [only, ...more] = Array.isArray(schema.allOf) ? (schema.allOf as unknown[]) : [];
    if (isNode(only) && more.length === 0) {
      const { allOf: _, ...own } = schema;
      return this.#withDefaults({ ...only, ...own }, value);
    }
    const { properties, ...model } = this.#resolved(schema);
    if (!isNode(value) || !isNode(properties)) return { ...schema, default: value };
    const given = mapped(properties, (part, name) =>
      Object.hasOwn(value, name) && isNode(part) ? this.#withDefaults(part, value[name]) : part,
    );
    return { ...model, default: value, properties: given };
  }

  #resolved(schema: Node): Node {
    const { $ref, ...own } = schema;
    if (typeof $ref !== 'string' || !$ref.startsWith(NAMED_TYPE)) return schema;
    const type = this.#definitions[$ref.slice(NAMED_TYPE.length)];
    return isNode(type) ? { ...type, ...own } : schema;
  }
}

function takesAnything(schema: Node): boolean {
  return Object.keys(schema).every((key) => SAYS_NOTHING.has(key));
}

/** A form of a union has a name: its own, or what kind of value it is. */
function titled(form: Node): Node {
  if (form.title !== undefined || form.$ref !== undefined || typeof form.type !== 'string') return form;
  return { ...form, title: form.format === FORM_FORMATS.json ? 'anything' : form.type };
}

function mapped(parts: Node, change: (part: unknown, name: string) => unknown): Node {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part, name)]));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
