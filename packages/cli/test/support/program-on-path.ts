import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/** Skips the test, with the reason, on a machine that lacks the program; where nothing may be missing, `required` makes that an error. */
export function needProgram(
  name: string,
  context: TestContext,
  { required }: { readonly required: boolean },
): void {
  if (isOnPath(name)) return;
  if (required && process.env.INTERSECT_REQUIRE_BROKERS === '1') {
    throw new Error(
      `${name} is not installed, and INTERSECT_REQUIRE_BROKERS is set: apt-get install ${name}`,
    );
  }
  context.skip(`${name} is not installed (apt-get install ${name})`);
}

function isOnPath(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
