import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Problem } from './problem.js';
import { isTemplate, type TemplateName, templateLines, USUAL_TEMPLATE } from './templates.js';

export interface Wanted {
  readonly folder: string;
  /** As it was written. */
  readonly given: string;
  /** Of the package. */
  readonly name: string;
  readonly template: TemplateName;
  /** A folder with tarballs of the SDK's packages; undefined where they come from the registry. */
  readonly packages: string | undefined;
  readonly install: boolean;
}

const USUAL_FOLDER = 'my-lab';

export const HELP = `Usage: npm create intersect [FOLDER] -- [OPTIONS]

Makes a first INTERSECT project in FOLDER (${USUAL_FOLDER}), and installs its packages.

Options:
  --template NAME   what it begins with (${USUAL_TEMPLATE}):
${templateLines().replaceAll(/^/gm, '                  ')}
  --packages DIR    take the SDK's packages from tarballs in this folder, as \`npm run pack\` makes them
  --no-install      write the files, and install nothing
  --help            show this
`;

/** Reads the words after the name of the program. Undefined: help is asked for. Throws Problem. */
export function readCommandLine(words: readonly string[], cwd: string): Wanted | undefined {
  const { values, positionals } = parse(words);
  if (values.help) return undefined;
  const [given = USUAL_FOLDER, ...others] = positionals;
  if (others.length > 0) {
    throw new Problem(
      `One folder can be made at a time, and these are ${positionals.length}: ${positionals.join(', ')}.`,
    );
  }
  const template = values.template ?? USUAL_TEMPLATE;
  if (!isTemplate(template)) {
    throw new Problem(`There is no template '${template}'. There are:\n${templateLines()}`);
  }
  const folder = resolve(cwd, given);
  return {
    folder,
    given,
    name: checkedName(basename(folder)),
    template,
    packages: values.packages === undefined ? undefined : resolve(cwd, values.packages),
    install: !values['no-install'],
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        template: { type: 'string', short: 't' },
        packages: { type: 'string' },
        'no-install': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${HELP}`);
  }
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,213}$/;

function checkedName(name: string): string {
  if (NAME.test(name)) return name;
  const meant = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|-+$/g, '');
  const hint = NAME.test(meant) ? `; take ${meant}, for one` : '';
  throw new Problem(
    `'${name}' can't be the name of a package: it must begin with a lower-case letter or digit and go on with those, '.', '_' and '-'${hint}.`,
  );
}
