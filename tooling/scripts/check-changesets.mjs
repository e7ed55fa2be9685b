// A change that users can notice comes with a changeset: the sentences that go into the changelog.
import { packagesWithoutChangeset } from './lib/changesets.mjs';
import { root } from './lib/root.mjs';

const { since, packages } = packagesWithoutChangeset(root);
if (packages.length > 0) {
  process.stdout.write(`Changed since ${since}, and named by no changeset: ${packages.join(', ')}.\n`);
  process.stdout.write('Run `npx changeset`, or write a file in .changeset/ as CONTRIBUTING.md says.\n');
  process.exitCode = 1;
}
