import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaFolder } from '../connect/places.js';
import type { Surroundings } from '../frame/surroundings.js';

const ENDING = '.json';

/** The services whose schemas are remembered, at whatever broker. */
export async function rememberedAddresses(env: Surroundings['env']): Promise<string[]> {
  return (await files(env)).map(({ name }) => decodeURIComponent(name.slice(0, -ENDING.length)));
}

/** The schema documents of one address, one for each broker where it was seen. */
export async function rememberedDocuments(env: Surroundings['env'], address: string): Promise<unknown[]> {
  const wanted = `${encodeURIComponent(address)}${ENDING}`;
  const found = (await files(env)).filter(({ name }) => name === wanted);
  return Promise.all(found.map(async ({ path }) => JSON.parse(await readFile(path, 'utf8')) as unknown));
}

async function files(env: Surroundings['env']): Promise<{ readonly name: string; readonly path: string }[]> {
  const folder = schemaFolder(env);
  const brokers = await namesIn(folder);
  const found = await Promise.all(
    brokers.map(async (broker) =>
      (await namesIn(join(folder, broker)))
        .filter((name) => name.endsWith(ENDING))
        .map((name) => ({ name, path: join(folder, broker, name) })),
    ),
  );
  return found.flat();
}

/** Of a folder that is not there: none. */
function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
