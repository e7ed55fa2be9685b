import { readdirSync, readFileSync } from 'node:fs';

const fixtures = new URL('../fixtures/', import.meta.url);

export interface Document {
  readonly 'x-intersect-version': string;
  readonly info: { readonly title: string };
  readonly capabilities: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

export function fixture(name: string): Document {
  return JSON.parse(readFileSync(new URL(name, fixtures), 'utf8')) as Document;
}

/** Made by versions of the Python SDK of all forms that they know; see record_documents.py. */
export const recorded: ReadonlyMap<string, Document> = new Map(
  readdirSync(new URL('documents/', fixtures)).map((name) => [
    name.replace('.json', ''),
    fixture(`documents/${name}`),
  ]),
);

/** A document with one capability, `C`. */
export function documentOf(capability: object, schemas: object = {}, more: object = {}): object {
  return {
    asyncapi: '2.6.0',
    'x-intersect-version': '0.9.6',
    info: { title: 'org.fac.sys.-.svc', description: 'INTERSECT schema', version: '0.0.0' },
    defaultContentType: 'application/json',
    capabilities: { C: { endpoints: {}, events: {}, status: { type: 'null' }, ...capability } },
    components: { schemas },
    ...more,
  };
}

/** An operation as a document has it. */
export function endpoint(request: object | undefined, response: object, description?: string): object {
  const message = (payload: object | undefined) => ({
    message: payload ? { payload } : {},
    ...(description ? { description } : {}),
  });
  return { publish: message(response), subscribe: message(request) };
}
