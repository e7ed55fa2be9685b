// What the SDK adds to the protocol stands in one table: the sources, the page for people and what is sent agree with it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SeenMessage, throwIfUnknown } from '@intersect-sdk/app-harness/known-traffic';
import { newId, nowIso } from '@intersect-sdk/core';
import { PROTOCOL_EXTENSIONS, type ProtocolExtension, WIRE_0_9 } from '@intersect-sdk/core/internal';
import { defineCapability, intersectSchema } from '@intersect-sdk/service';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const page = join(root, 'docs/protocol-extensions.md');

/** As the formatter writes a table. */
function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

test('the page for people has the rows of the table; -u writes them', async () => {
  const rows = PROTOCOL_EXTENSIONS.map(({ name, places, goesTo, between, when, pythonPeer }) => [
    `\`${name}\``,
    places.join(', '),
    goesTo,
    between,
    when,
    pythonPeer,
  ]);
  const head = ['name', 'in', 'goes to', 'who sends it to whom', 'when', 'what a Python peer sees'];
  const text = readFileSync(page, 'utf8');
  const written = /^\| name .*\n(?:\|.*\n)+/m;
  expect(text).toMatch(written);
  await expect(text.replace(written, `${tableOf([head, ...rows])}\n`)).toMatchFileSnapshot(page);
});

test('no source names an extension that is not in the table', () => {
  const packages = readdirSync(join(root, 'packages'));
  const files = packages.flatMap((name) =>
    readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(root, 'packages', name, 'src', file)),
  );
  const named = files.flatMap(
    (file) => readFileSync(file, 'utf8').match(/x-intersect-[a-z][a-z0-9-]*/g) ?? [],
  );
  expect(new Set(named)).toEqual(new Set(PROTOCOL_EXTENSIONS.map(({ name }) => name)));
});

describe('traffic is known', () => {
  const SOURCE = 'org.fac.sys.-.svc';
  const common = { messageId: newId(), source: SOURCE, createdAt: nowIso(), sdkVersion: '0.9.6' };
  const hierarchy = { organization: 'org', facility: 'fac', system: 'sys', service: 'svc' };
  const schema = intersectSchema([defineCapability({ name: 'Idle', operations: { rest: {} } })], hierarchy);

  const startup = (document: object = schema, more: Record<string, string> = {}): SeenMessage => ({
    channel: 'org/fac/sys/-/svc/lifecycle',
    headers: Object.entries({
      ...WIRE_0_9.encodeLifecycleHeaders({ ...common, lifecycleType: 'LCT_STARTUP' }),
      ...more,
    }),
    payload: Buffer.from(JSON.stringify({ schema: document, status: {} })),
  });
  const event = (more: Record<string, string> = {}): SeenMessage => ({
    channel: 'org/fac/sys/-/svc/events/Idle/rested',
    headers: Object.entries({
      ...WIRE_0_9.encodeEventHeaders({
        ...common,
        dataHandler: 'MESSAGE',
        capabilityName: 'Idle',
        eventName: 'rested',
      }),
      ...more,
    }),
    payload: Buffer.from('1'),
  });

  test('if it is that of the protocol', () => {
    expect(() => throwIfUnknown([startup(), event()])).not.toThrow();
  });

  test.each<[string, SeenMessage[], string]>([
    [
      'another channel',
      [startup(), { ...event(), channel: 'org/fac/sys/-/svc/progress' }],
      'no channel of the protocol',
    ],
    ['another header', [startup(), event({ 'x-intersect-sequence': '1' })], 'header x-intersect-sequence'],
    ['a header of a lifecycle message', [startup(schema, { extra: '1' })], 'header extra'],
    [
      'a header twice',
      [startup(), { ...event(), headers: [...event().headers, ['source', 'a.b']] }],
      'two headers source',
    ],
    ['a header less', [startup(), { ...event(), headers: event().headers.slice(1) }], 'no header message_id'],
    ['another key', [startup({ ...schema, 'x-intersect-streams': true })], 'key x-intersect-streams'],
    ['a key deep inside', [startup({ ...schema, info: { a: [{ 'x-b': 1 }] } })], 'key x-b'],
    ['no schema document at all', [event()], 'no lifecycle message'],
  ])('and not with %s', (_, traffic, problem) => {
    expect(() => throwIfUnknown(traffic)).toThrow(problem);
  });

  test('with more than one answer only where the request asked for it', () => {
    const requestId = newId();
    const userspace = (channel: string, more: Record<string, string>): SeenMessage => ({
      channel: `org/fac/sys/-/${channel}`,
      headers: Object.entries({
        ...WIRE_0_9.encodeUserspaceHeaders({
          ...common,
          campaignId: newId(),
          requestId,
          destination: SOURCE,
          operationId: 'Idle.rest',
          dataHandler: 'MESSAGE',
          state: 'complete',
        }),
        ...more,
      }),
      payload: Buffer.from('null'),
    });
    const part = userspace('asker/response', { 'x-intersect-part': 'taken' });
    const control = userspace('svc/response', { 'x-intersect-control': 'cancel' });
    const request = userspace('svc/request', { 'x-intersect-accept': 'parts' });
    expect(() => throwIfUnknown([startup(), request, part, control])).not.toThrow();
    expect(() => throwIfUnknown([startup(), part])).toThrow('header x-intersect-part');
    expect(() => throwIfUnknown([startup(), control])).toThrow('header x-intersect-control');
  });

  test('with another trait in the schema document it is not', () => {
    const document = structuredClone(schema) as unknown as {
      components: {
        messageTraits: { commonHeaders: { eventHeaders: { properties: Record<string, object> } } };
      };
    };
    document.components.messageTraits.commonHeaders.eventHeaders.properties.traceparent = {};
    expect(() => throwIfUnknown([startup(document)])).toThrow('trait traceparent');
  });

  test('with a header of the table only if that goes to everybody, and only where it belongs', () => {
    const row = (goesTo: ProtocolExtension['goesTo'], place: 'event' | 'answer'): ProtocolExtension[] => [
      ...PROTOCOL_EXTENSIONS,
      { name: 'x-intersect-new', places: [place], goesTo, between: '', when: '', pythonPeer: '' },
    ];
    const traffic = [startup(), event({ 'x-intersect-new': '1' })];
    expect(() => throwIfUnknown(traffic, row('everybody', 'event'))).not.toThrow();
    expect(() => throwIfUnknown(traffic, row('who asked', 'event'))).toThrow('header x-intersect-new');
    expect(() => throwIfUnknown(traffic, row('everybody', 'answer'))).toThrow('header x-intersect-new');
  });
});
