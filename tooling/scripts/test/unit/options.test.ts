import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { commentProblems } from '../../lib/options/default-text.mjs';
import { fileSchema, shippedSchemas } from '../../lib/options/file-schema.mjs';
import { askEditor } from '../../lib/options/hints.mjs';
import { optionsPage } from '../../lib/options/page.mjs';
import { readmes, tablesIn, withOptionTables } from '../../lib/options/readme.mjs';
import { readTables, runSources, type Table } from '../../lib/options/tables.mjs';
import { root } from '../../lib/root.mjs';

/** The compiler reads all packages and the library of the language, which takes its time on a busy machine. */
const PARSING_MS = 120_000;

const onSources = { conditions: ['intersect-source'] };

describe('every option of every package', () => {
  let tables: Table[];
  beforeAll(async () => {
    tables = await readTables();
  });

  test('has a sentence, its unit and its true default above its row', () => {
    expect(tables.map(({ name }) => name)).toContain('DEV_BROKER_OPTIONS');
    expect(tables.flatMap(({ rows }) => rows.flatMap(commentProblems))).toEqual([]);
  });

  test(
    'shows them in an editor, where it is written and where it is offered',
    () => {
      const { hints, complaints } = askEditor(tables, onSources);
      for (const { name, options, rows } of tables) {
        // Of an interface with a type argument the compiler says that too.
        expect(complaints.get(name)?.map((complaint) => complaint.replace(/<\w+>'\.$/, "'."))).toEqual([
          `Object literal may only specify known properties, and 'misspelt' does not exist in type '${options}'.`,
        ]);
        for (const row of rows) {
          const hint = { type: expect.any(String), sentence: row.sentence, defaultText: row.defaultText };
          expect(hints.get(`${name}.${row.name}`), `${name}.${row.name}`).toEqual({
            hover: hint,
            completion: hint,
          });
        }
      }
    },
    PARSING_MS,
  );

  test('that a file can hold is in the schemas that editors use, as `npm run options` writes them', () => {
    for (const { file, text } of shippedSchemas(tables)) expect(readFileSync(file, 'utf8')).toBe(text);
  });

  test('stands on the page of all options, as `npm run options` writes it', () => {
    const { file, text } = optionsPage(tables);
    expect(readFileSync(file, 'utf8')).toBe(text);
    for (const { rows } of tables) for (const { name } of rows) expect(text).toContain(`| \`${name}\` `);
  });

  test('stands in a README, as `npm run options` writes it', () => {
    const texts = readmes().map((file) => readFileSync(file, 'utf8'));
    for (const text of texts) expect(text).toBe(withOptionTables(text, tables));
    expect([...new Set(texts.flatMap(tablesIn))].sort()).toEqual(tables.map(({ name }) => name).sort());
  });
});

// The only file that is touched for an option of clients.
describe('a row that is added to the options of clients', () => {
  const file = join(root, 'packages', 'messaging', 'src', 'options', 'client-options.ts');
  const client = join(root, 'packages', 'client', 'src', 'config.ts');
  const loading = join(root, 'packages', 'config', 'src', 'load.ts');
  const begin = 'CLIENT_OPTIONS = {';
  const row = `
  /**
   * How long a service may say nothing, in ms.
   * @default 4000
   */
  silenceTimeoutMs: ms({ default: 4_000, max: 60_000 }),`;
  const overlay = new Map([[file, readFileSync(file, 'utf8').replace(begin, begin + row)]]);
  const brokers = [{ protocol: 'mqtt5.0', username: 'u', password: 'p' }];
  let tables: Table[];
  let table: Table;
  beforeAll(async () => {
    tables = await readTables(overlay);
    table = tables.find(({ name }) => name === 'CLIENT_OPTIONS') as Table;
  });

  test(
    'is in the type that the client exports, and in what an editor shows',
    () => {
      const shown = {
        type: '(property) silenceTimeoutMs?: number | undefined',
        sentence: 'How long a service may say nothing, in ms.',
        defaultText: '4000',
      };
      const { hints } = askEditor([{ ...table, file: client }], { ...onSources, overlay });
      expect(hints.get('CLIENT_OPTIONS.silenceTimeoutMs')).toEqual({ hover: shown, completion: shown });
    },
    PARSING_MS,
  );

  test('is checked, has its default, and is named where it is misspelt', async () => {
    const { resolveClientConfig } = await runSources(
      `export { resolveClientConfig } from ${JSON.stringify(client)}`,
      overlay,
    );
    const resolve = (options: object) => resolveClientConfig({ brokers, ...options }, {});
    expect(resolve({})).toMatchObject({ silenceTimeoutMs: 4_000, requestTimeoutMs: 300_000 });
    expect(() => resolve({ silenceTimeoutMs: 60_001 })).toThrow('silenceTimeoutMs: must be at most 60000');
    expect(() => resolve({ silenceTimeout: 1 })).toThrow(
      'silenceTimeout: is not a known field; did you mean silenceTimeoutMs?',
    );
  });

  test('is read from a file under its name there', async () => {
    const { loadClientConfig } = await runSources(
      `export { loadClientConfig } from ${JSON.stringify(loading)}`,
      overlay,
    );
    const load = (options: object) => loadClientConfig({ brokers, ...options }, { env: {} });
    expect(await load({ silence_timeout_ms: '500' })).toMatchObject({ silenceTimeoutMs: 500 });
    await expect(load({ silence_timeout_ms: 60_001 })).rejects.toThrow(
      'silence_timeout_ms: must be at most 60000',
    );
    await expect(load({ silence_timeout: 1 })).rejects.toThrow('did you mean silence_timeout_ms?');
  });

  test('is in the README', () => {
    const readme = withOptionTables(
      readFileSync(join(root, 'packages', 'client', 'README.md'), 'utf8'),
      tables,
    );
    expect(readme).toMatch(
      /^\| `silenceTimeoutMs` +\| `4000` +\| How long a service may say nothing, in ms\. +\|$/m,
    );
  });

  test('is in the schema of a file', () => {
    const [shipped] = shippedSchemas(tables);
    expect(JSON.parse(shipped?.text ?? '')).toMatchObject({
      properties: {
        silence_timeout_ms: {
          description: 'How long a service may say nothing, in ms.',
          default: 4_000,
          type: 'number',
          minimum: 1,
          maximum: 60_000,
        },
      },
      patternProperties: { '^silenceTimeoutMs$': { $ref: '#/properties/silence_timeout_ms' } },
    });
  });
});

describe('what a comment must say', () => {
  const facts = { default: 5, unit: 'ms' } as const;
  const row = { name: 'waitMs', fileName: 'wait_ms', sentence: 'How long, in ms.', defaultText: '5', facts };

  test.each([
    [{}, []],
    [{ defaultText: '5 (a moment)' }, []],
    [{ sentence: '' }, ['waitMs has no sentence', 'waitMs does not say that it is in ms']],
    [{ sentence: 'How long.' }, ['waitMs does not say that it is in ms']],
    [{ defaultText: undefined }, ['waitMs does not say its default']],
    [{ defaultText: '50' }, ['waitMs says that its default is 50, and it is 5']],
    [{ facts: { ...facts, default: undefined }, defaultText: 'as long as it takes' }, []],
    [{ facts: { ...facts, required: true } }, ['waitMs is required and has a default']],
    [{ name: 'waitS' }, ['waitS is named as if it were in s']],
  ])('%j', (change, problems) => {
    expect(commentProblems({ ...row, ...change })).toEqual(problems);
  });

  test('a table with rows from elsewhere is refused, as editors would not show their sentences', async () => {
    const file = join(root, 'packages', 'dev-broker', 'src', 'options.ts');
    const begin = 'DEV_BROKER_OPTIONS = {';
    const text = readFileSync(file, 'utf8').replace(begin, `${begin} ...DEV_BROKER_LIMIT_OPTIONS,`);
    await expect(readTables(new Map([[file, text]]))).rejects.toThrow(
      'DEV_BROKER_OPTIONS takes rows from elsewhere, which hides their sentences: connections, sessions,',
    );
  });
});

test('the schema of a file follows what stands in a table', async () => {
  const text = `
import { callback, custom, either, flag, group, list, type Named, type OptionsOf, type OptionTable, port, required, text } from '@intersect-sdk/core/internal';
export const COPY_TLS_OPTIONS = {
  /** The file of the authorities. @default the system's */
  caFile: text(),
} satisfies OptionTable;
export const COPY_PLACE_OPTIONS = {
  /** The host's name. */
  hostName: required(text()),
  /** The user. */
  user: required(text({ variable: 'THE_USER' })),
  /** The port. @default any */
  port: port({ nullable: true }),
  /** TLS. @default false */
  tls: either(flag({ default: false }), group<object, object>(COPY_TLS_OPTIONS)),
} satisfies OptionTable;
export const COPY_OPTIONS = {
  /** Where. */
  places: required(list(group<object, object>(COPY_PLACE_OPTIONS), { empty: 'must hold a place', snake: 'all_places' })),
  /** Whatever it is. @default nothing */
  extra: custom<object, unknown>({ json: {}, read: ({ value }) => value }),
  /** Told of it. @default silent */
  onEvent: callback<() => void>(),
  /** Told of them. @default silent */
  onEvents: list(callback<() => void>()),
} satisfies OptionTable;
`;
  const source = join(root, 'packages', 'dev-broker', 'src', 'options.ts');
  const tables = await readTables(new Map([[source, text]]));
  const table = tables.find(({ name }) => name === 'COPY_OPTIONS') as Table;
  const places = '#/properties/all_places/items/properties';
  expect(fileSchema([table], tables, 'A copy')).toEqual({
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A copy',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      all_places: {
        description: 'Where.',
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: {
            host_name: { description: "The host's name.", type: 'string', minLength: 1 },
            user: { description: 'The user.', type: 'string', minLength: 1 },
            port: { description: 'The port.', type: ['integer', 'null'], minimum: 1, maximum: 65_535 },
            tls: {
              description: 'TLS.',
              default: false,
              anyOf: [
                { type: 'boolean' },
                {
                  type: 'object',
                  properties: {
                    ca_file: { description: 'The file of the authorities.', type: 'string', minLength: 1 },
                  },
                  patternProperties: {
                    '^caFile$': { $ref: `${places}/tls/anyOf/1/properties/ca_file` },
                  },
                  additionalProperties: false,
                },
              ],
            },
          },
          patternProperties: { '^hostName$': { $ref: `${places}/host_name` } },
          additionalProperties: false,
          // `user` can come from the environment.
          allOf: [{ anyOf: [{ required: ['host_name'] }, { required: ['hostName'] }] }],
        },
      },
      extra: { description: 'Whatever it is.' },
    },
    patternProperties: { '^places$': { $ref: '#/properties/all_places' } },
    additionalProperties: false,
    allOf: [{ anyOf: [{ required: ['all_places'] }, { required: ['places'] }] }],
  });
});
