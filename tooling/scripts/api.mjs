// Writes down the public API of every package in its `etc/`: to be looked at and committed with the change.
import { turbo } from './build.mjs';
import { ensureSetup } from './setup.mjs';

await ensureSetup();
process.exitCode = (await turbo(['api', '--filter=./packages/*'])).code;
