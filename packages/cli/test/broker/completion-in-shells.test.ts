// The completion scripts in the shells that they are for: a person types and presses Tab, on a terminal of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildServiceSchema } from '@intersect-sdk/schema/document';
import { expect, test } from 'vitest';
import { SchemaCache } from '../../src/schemas/schema-cache.js';
import { BIN } from '../support/probe.js';
import { needProgram } from '../support/program-on-path.js';
import { emptyHome } from '../support/run-in-process.js';

const address = 'org.fac.sys.-.svc';
const document = buildServiceSchema({
  hierarchy: { organization: 'org', facility: 'fac', system: 'sys', subsystem: undefined, service: 'svc' },
  capabilities: [
    {
      name: 'Lab',
      operations: [{ name: 'measure' }, { name: 'move' }],
      events: [{ name: 'moved', schema: {} }],
    },
  ],
});

/** An environment in which a service was seen, and `intersect` says what it was called with, unless the shell asks it what to complete. */
async function surroundings(): Promise<Record<string, string>> {
  const home = emptyHome();
  await new SchemaCache(home, { brokers: [{ host: 'h', port: 1 }] as never }).write(address, document);
  const folder = join(mkdtempSync(join(tmpdir(), 'intersect-cli-')), 'bin');
  mkdirSync(folder);
  const program = `#!/bin/sh\n[ "$1" = completion ] && exec '${process.execPath}' '${BIN}' "$@"\necho "CALLED WITH: $*."\n`;
  writeFileSync(join(folder, 'intersect'), program);
  chmodSync(join(folder, 'intersect'), 0o755);
  return {
    ...home,
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    HOME: folder,
    TERM: 'dumb',
    PS1: 'READY> ',
  };
}

const SHELLS = {
  bash: {
    start: 'bash --norc --noprofile -i',
    setUp: 'eval "$(intersect completion bash)"',
  },
  zsh: {
    start: 'zsh -f -i',
    setUp:
      'unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u; eval "$(intersect completion zsh)"',
  },
} as const;

/** What a person types, with Tab where the shell shall complete, and what is then called. */
const TYPED = [
  ['intersect pin\torg\t', `ping ${address}`],
  ['intersect call org.f\tLab.me\t', `call ${address} Lab.measure`],
  ['intersect listen or\tL\t', `listen ${address} Lab.moved`],
  ['intersect call --time\t', 'call --timeout'],
  ['intersect context us\t', 'context use'],
] as const;

test.for(Object.entries(SHELLS))('%s completes at each Tab', async ([shell, { start, setUp }], context) => {
  needProgram(shell, context, { required: shell === 'bash' });
  needProgram('script', context, { required: true });
  // `script` gives the shell a terminal.
  const child = spawn('script', ['-qfec', start, '/dev/null'], { env: await surroundings() });
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
  });
  const until = async (isShown: () => boolean) => {
    const over = once(child, 'close').then(() => 'over');
    while (!isShown()) {
      const what = await Promise.race([once(child.stdout, 'data'), over]);
      if (what === 'over' && !isShown()) throw new Error(`The shell ended:\n${shown}`);
    }
  };
  await until(() => shown.includes('READY> '));
  child.stdin.write(`${setUp}; echo "SET"" UP"\n`);
  await until(() => /SET UP\s[\s\S]*READY> /.test(shown));
  const called: string[] = [];
  for (const [keys] of TYPED) {
    shown = '';
    child.stdin.write(`${keys}\n`);
    await until(() => /CALLED WITH: [^.]*[\s\S]*?\.\r?\n/.test(shown));
    called.push(/CALLED WITH: (.*)\.\r?\n/.exec(shown)?.[1]?.trim() ?? '');
  }
  child.stdin.write('exit\n');
  await once(child, 'close');
  expect(called).toEqual(TYPED.map(([, words]) => words));
});
