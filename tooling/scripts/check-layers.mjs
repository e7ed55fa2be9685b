// The rules of ARCHITECTURE.md that a compiler doesn't know: who may import whom, and what runs in a browser.
import { findProblems } from './lib/layers/rules.mjs';
import { readWorkspace } from './lib/layers/workspace.mjs';
import { root } from './lib/root.mjs';

const problems = findProblems(readWorkspace(root));
for (const { where, rule, message } of problems) process.stdout.write(`${where}  ${rule}: ${message}\n`);
if (problems.length > 0) {
  process.stdout.write(`${problems.length} breaches of the layer rules.\n`);
  process.exitCode = 1;
}
