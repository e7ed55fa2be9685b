// Python programs that record fixtures are run by hand, and seldom: whether Python can read them is asked here.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithBroker } from '@intersect-sdk/test-brokers/vitest';
import { expect, test } from 'vitest';
import { root } from '../../scripts/lib/root.mjs';

const READ =
  'import ast, sys\nfor file in sys.argv[1:]: ast.parse(open(file, encoding="utf-8").read(), file)';

function pythonFilesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : pythonFilesIn(path);
    return entry.name.endsWith('.py') ? [path] : [];
  });
}

describeWithBroker('python', ({ interpreter }) => {
  test('Python can read each of its programs in this repository', () => {
    const files = ['packages', 'tooling'].flatMap((folder) => pythonFilesIn(join(root, folder)));
    expect(files.some((file) => file.endsWith('record_verdicts.py'))).toBe(true);
    execFileSync(interpreter, ['-c', READ, ...files], { stdio: 'pipe' });
  });
});
