import type { CommandEntry } from './frame.js';

/** All commands, in the order of the help. A file is loaded when its command is called for, and not before. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'call',
    takes: 'ADDRESS CAP.OP [JSON | @file | -]',
    summary: 'ask a service and print its answer',
    load: async () => (await import('../commands/call.js')).callCommand,
  },
  {
    name: 'ping',
    takes: 'ADDRESS',
    summary: 'whether a service is there',
    load: async () => (await import('../commands/ping.js')).ping,
  },
  {
    name: 'listen',
    takes: "ADDRESS|'*' CAP[.EVENT]",
    summary: 'print events as they come',
    load: async () => (await import('../commands/listen.js')).listen,
  },
  {
    name: 'services',
    takes: '',
    summary: 'which services there are, and how they are',
    load: async () => (await import('../commands/services.js')).services,
  },
  {
    name: 'status',
    takes: 'ADDRESS',
    summary: 'what a service says of itself and its machine',
    load: async () => (await import('../commands/status.js')).status,
  },
  {
    name: 'schema',
    takes: 'ADDRESS | FILE | diff A B',
    summary: 'the schema document of a service, or what two differ in',
    load: async () => (await import('../commands/schema.js')).schema,
  },
  {
    name: 'codegen',
    takes: 'ADDRESS | FILE -o MODULE.ts',
    summary: 'a typed contract from a schema document',
    load: async () => (await import('../commands/codegen.js')).codegen,
  },
  {
    name: 'monitor',
    takes: '',
    summary: 'all messages as they pass, without disturbing them',
    load: async () => (await import('../commands/monitor.js')).monitor,
  },
  {
    name: 'console',
    takes: '',
    summary: 'a page that shows what is on the network, and asks it',
    load: async () => (await import('../commands/console.js')).consoleCommand,
  },
  {
    name: 'mock',
    takes: 'SCHEMA.json',
    summary: 'a service that answers from a schema document',
    load: async () => (await import('../commands/mock.js')).mock,
  },
  {
    name: 'broker',
    takes: '',
    summary: 'a broker for development, until Ctrl+C',
    load: async () => (await import('../commands/broker.js')).broker,
  },
  {
    name: 'doctor',
    takes: '',
    summary: 'look what is wrong with the broker, and say what mends it',
    load: async () => (await import('../commands/doctor.js')).doctor,
  },
  {
    name: 'context',
    takes: 'add|use|list',
    summary: 'brokers by name',
    load: async () => (await import('../commands/context.js')).context,
  },
  {
    name: 'completion',
    takes: 'bash|zsh',
    summary: 'a script that has the shell complete commands',
    load: async () => (await import('../commands/completion.js')).completion,
  },
];
