import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin } from '../../../scripts/lib/root.mjs';
import { run } from './consumer.js';

/** Declared with TypeBox, and handed on as a package is: its code and its declarations. */
export const declaredContract = `import { Binary, defineCapability, Type } from '@intersect-sdk/contract';
export const Thermostat = defineCapability({
  name: 'Thermostat',
  operations: {
    set_target: { request: Type.Number({ title: 'kelvin' }), response: Type.Number() },
    picture: { response: Binary('image/png') },
    history: { response: Type.Array(Type.Object({ at: Type.String(), kelvin: Type.Optional(Type.Number()) })) },
  },
  events: { target_changed: { schema: Type.Number() } },
  status: { schema: Type.Object({ kelvin: Type.Number() }) },
});
`;

/** As a generator writes it, with its types given. */
export const generatedContract = `import { type CapabilityDefinition, defineCapability } from '@intersect-sdk/contract/plain';
interface ThermostatShape {
  operations: { set_target: { argument: number; answer: number } };
  events: { target_changed: number };
  status: undefined;
}
export const Thermostat: CapabilityDefinition<ThermostatShape> = defineCapability<ThermostatShape>({
  name: 'Thermostat',
  operations: { set_target: { request: { type: 'number' }, response: { type: 'number' } } },
  events: { target_changed: { schema: { type: 'number' } } },
});
`;

/** The least that a program with a contract has. */
export const contractClient = `import { IntersectClient } from '@intersect-sdk/client';
import { mqttTransport } from '@intersect-sdk/transport-mqtt';
import { Thermostat } from './contract.js';
const client = new IntersectClient({ brokers: [mqttTransport({ url: 'mqtt://127.0.0.1' })] });
const thermostat = client.capability(Thermostat, 'my-lab.hall-two.cryo.-.thermostat');
export const before: Promise<number> = thermostat.set_target(77);
`;

export interface CompileJob {
  /** A consumer's folder: the files get a folder of their own in it. */
  readonly consumer: string;
  readonly files: Readonly<Record<string, string>>;
  /** The one that the compiler is given; it finds the others. */
  readonly entry: string;
  /** Whether the declarations of all libraries are checked too. */
  readonly checksLibraries: boolean;
}

/** What it costs the compiler, and what it loads of TypeBox. Rejects when there is a type error. */
export async function compile({ consumer, files, entry, checksLibraries }: CompileJob) {
  const folder = mkdtempSync(join(consumer, 'program-'));
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: { skipLibCheck: !checksLibraries, declaration: true, rootDir: '.', outDir: 'out' },
    files: [entry],
    include: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
  const output = await run(join(bin, 'tsc'), ['-p', folder, '--extendedDiagnostics', '--listFiles'], folder);
  const instantiations = Number(/^Instantiations:\s*(\d+)/m.exec(output)?.[1]);
  const typeBox = output.split('\n').filter((line) => line.includes('/node_modules/typebox/'));
  return {
    instantiations,
    typeBox,
    declarationOf: (file: string) => readFileSync(join(folder, 'out', file), 'utf8'),
  };
}
