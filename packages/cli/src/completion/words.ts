import { Contexts } from '../connect/contexts.js';
import type { Frame } from '../frame/frame.js';
import { rememberedAddresses, rememberedDocuments } from '../schemas/remembered.js';

/** Commands whose first word is the address of a service. */
const TAKE_ADDRESS = new Set(['call', 'listen', 'status', 'ping', 'schema', 'codegen']);

/** What can stand in the place of the last word. `given` are the words after the program's name; the last is being written, and may be empty. */
export async function completionsOf(given: readonly string[], frame: Frame): Promise<string[]> {
  const last = given.at(-1) ?? '';
  const candidates = await candidatesFor(given, frame);
  return [...new Set(candidates)].filter((word) => word.startsWith(last)).sort();
}

async function candidatesFor(
  given: readonly string[],
  { surroundings: { env }, commands, commandCalled }: Frame,
): Promise<string[]> {
  const [name = '', ...words] = given;
  if (words.length === 0) return commands.map((entry) => entry.name);
  let command = await commandCalled(name);
  if (!command) return [];
  const last = words.at(-1) ?? '';
  let before = words.slice(0, -1);
  const inner = command.commands.find((each) => each.name() === before[0]);
  if (inner) {
    command = inner;
    before = before.slice(1);
  }
  if (last.startsWith('-')) return command.options.flatMap(({ long }) => (long ? [long] : []));
  const contexts = new Contexts(env);
  if (before.at(-1) === '--context') return contexts.names();
  const place = before.filter((word) => !word.startsWith('-')).length;
  const inners = command.commands.map((each) => each.name());
  if (name === 'context' && command.name() === 'use' && place === 0) return contexts.names();
  if (inners.length > 0 && place === 0) return inners;
  if (!TAKE_ADDRESS.has(name)) return [];
  if (place === 0) return rememberedAddresses(env);
  const [address = ''] = before.filter((word) => !word.startsWith('-'));
  if (place === 1 && name === 'call') return namesIn(await rememberedDocuments(env, address), 'operations');
  if (place === 1 && name === 'listen') return namesIn(await rememberedDocuments(env, address), 'events');
  return [];
}

/** `CAPABILITY.NAME` for everything of a kind. */
async function namesIn(documents: readonly unknown[], kind: 'operations' | 'events'): Promise<string[]> {
  if (documents.length === 0) return [];
  const { readServiceSchema } = await import('@intersect-sdk/schema/document');
  return documents.flatMap((document) =>
    readServiceSchema(document).capabilities.flatMap((capability) =>
      capability[kind].map(({ name }) => `${capability.name}.${name}`),
    ),
  );
}
