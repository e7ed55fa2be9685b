import { isNode } from '@intersect-sdk/contract/internal';
import { hierarchyOf } from '@intersect-sdk/core';
import { intersectSchema } from '@intersect-sdk/service';
import { expect, test } from 'vitest';
import { generateContract } from '../../src/index.js';
import { type Document, documentOf, endpoint, fixture, recorded } from '../support/documents.js';
import { load } from '../support/load.js';

const current = ['python-sdk-0.9.0', 'python-sdk-0.9.1', 'python-sdk-0.9.2', 'python-sdk-0.9.3'];
const documents: (readonly [string, Document])[] = [
  ...current.map((name) => [name, withoutAlone(recorded.get(name) as Document)] as const),
  ['schema-probe', fixture('schema-probe.json')],
];

/** Without the operation whose type says nothing of its values: no service may offer that. */
function withoutAlone(document: Document): Document {
  const copy = JSON.parse(JSON.stringify(document));
  delete copy.capabilities.Forms.endpoints.op_alone;
  delete copy.components.schemas.Alone;
  return copy;
}

/**
 * The reference leaves out some titles, which only people read, and writes references as they are; a document that is made
 * here has all titles, and percent signs where a URI asks for them.
 */
function asWritten(again: unknown, given: unknown): unknown {
  if (Array.isArray(again))
    return again.map((item, index) => asWritten(item, Array.isArray(given) ? given[index] : undefined));
  if (!isNode(again) || !isNode(given)) return again;
  const entries = Object.entries(again)
    .filter(([key, value]) => !(key === 'title' && typeof value === 'string' && given.title === undefined))
    .map(([key, value]) => [
      key,
      key === '$ref' ? decodeURIComponent(String(value)) : asWritten(value, given[key]),
    ]);
  return Object.fromEntries(entries);
}

test.each(documents)('document, contract, document: %s', async (_name, document) => {
  const module = await load(generateContract(document));
  const definitions = Object.keys(document.capabilities)
    .filter((name) => name !== 'intersect_sdk')
    .map((name) => module[name] as never);
  const hierarchy = hierarchyOf(document.info.title);
  if (!hierarchy) throw new Error('The fixture has an address of five parts.');
  const again = JSON.parse(JSON.stringify(intersectSchema(definitions, hierarchy))) as Document;
  // What every service has, and the version that speaks, are of the one that wrote the document.
  const { intersect_sdk: _core, ...capabilities } = again.capabilities;
  const { IntersectCoreStatus: _status, ...schemas } = again.components.schemas;
  const { intersect_sdk: _given, ...givenCapabilities } = document.capabilities;
  const { IntersectCoreStatus: _givenStatus, ...givenSchemas } = document.components.schemas;
  expect(asWritten(capabilities, givenCapabilities)).toEqual(givenCapabilities);
  expect(asWritten(schemas, givenSchemas)).toEqual(givenSchemas);
  expect(again.info).toEqual(document.info);
  expect(module.schemaDocument).toEqual(document);
  expect(module.address).toBe(document.info.title);
});

test('keys of extensions are kept', async () => {
  const schemas = { Size: { type: 'integer', 'x-intersect-unit': 'm' } };
  const capability = {
    endpoints: {
      op: { ...endpoint(undefined, { $ref: '#/components/schemas/Size' }), 'x-intersect-stream': true },
    },
    'x-intersect-more': { a: [1] },
  };
  const document = documentOf(capability, schemas, { 'x-intersect-build': 'b1' });
  const module = await load(generateContract(document));
  expect(module.schemaDocument).toEqual(document);
  const again = intersectSchema([module.C as never], {
    organization: 'org',
    facility: 'fac',
    system: 'sys',
    service: 'svc',
  });
  expect(again.components.schemas.Size).toMatchObject({ 'x-intersect-unit': 'm' });
});

test('a document whose names and texts are code is data', async () => {
  const evil = [
    "*/ throw new Error('ran'); /*",
    '`$' + '{process.exit(1)}`',
    "'; throw new Error('ran'); '",
    '\u2028throw 1',
    '__proto__',
    '</script>',
    '\\',
  ];
  const texts = Object.fromEntries(evil.map((text, index) => [`${index}`, text]));
  const properties = JSON.parse(
    `{${evil.map((text) => `${JSON.stringify(text)}:{"const":${JSON.stringify(text)},"description":${JSON.stringify(text)},"pattern":"a","default":${JSON.stringify(text)}}`).join()}}`,
  );
  for (const text of evil) {
    const schemas = JSON.parse(
      `{${JSON.stringify(text)}:{"type":"object","description":${JSON.stringify(text)}}}`,
    );
    Object.assign(schemas, { Evil: { type: 'object', properties, 'x-intersect-texts': texts } });
    const document = {
      ...documentOf({ status: { $ref: '#/components/schemas/Evil' }, description: text }, schemas),
      info: { title: text, version: text },
      'x-intersect-version': text,
    };
    const module = await load(generateContract(document));
    expect(module.schemaDocument).toEqual(document);
    expect(Object.keys(module).toSorted()).toEqual(['C', 'address', 'schemaDocument']);
  }
});
