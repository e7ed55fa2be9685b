import { expect, test } from 'vitest';
import { faultTables, withSection } from '../../lib/fault-table.mjs';

const row = { fault: 'link cut', role: 'client', protocol: 'MQTT', promise: 'once', counted: '1 | 2' };

test('each fault gets a heading, each promise a table, in an order of their own', () => {
  const rows = [
    row,
    { ...row, protocol: 'AMQP' },
    { ...row, promise: 'never' },
    { ...row, fault: 'clock jumps' },
  ];
  const head = '| role | protocol | counted |\n| --- | --- | --- |';
  expect(faultTables(rows)).toBe(
    [
      '### Clock jumps',
      `Promise: once.\n\n${head}\n| client | MQTT | 1 \\| 2 |`,
      '### Link cut',
      `Promise: never.\n\n${head}\n| client | MQTT | 1 \\| 2 |`,
      `Promise: once.\n\n${head}\n| client | AMQP | 1 \\| 2 |\n| client | MQTT | 1 \\| 2 |`,
    ].join('\n\n'),
  );
});

test('a section is replaced, and nothing else', () => {
  const text = 'before\n<!-- one -->\nold\n<!-- end of one -->\nafter';
  expect(withSection(text, 'one', 'new')).toBe('before\n<!-- one -->\n\nnew\n\n<!-- end of one -->\nafter');
  expect(() => withSection(text, 'two', 'new')).toThrow('There is no section two');
});
