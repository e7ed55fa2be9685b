// Builds the site of the documentation: the Markdown files of the repository and the API reference. `--serve` shows it on this
// machine instead, and follows what is written. Further arguments go to VitePress: `--base /intersect/` for a site that is
// not at the root of its host.
import { join } from 'node:path';
import { bin } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { ensureSetup } from './setup.mjs';

const args = process.argv.slice(2);
const serve = args.includes('--serve');
const command = serve ? ['dev', 'docs', '--host', '127.0.0.1'] : ['build', 'docs'];

await ensureSetup();
// Not before: the libraries that it needs may not be there.
const { writeReference } = await import('./lib/reference.mjs');
const passedOn = args.filter((argument) => argument !== '--serve');
if (!(await writeReference())) process.exitCode = 1;
else process.exitCode = (await run(join(bin, 'vitepress'), [...command, ...passedOn])).code;
