import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ConfigError } from '@intersect-sdk/core';

const LONGEST_YAML = 65_536;
const MOST_ALIASES = 100;

/** Reads a configuration file: YAML if it is called `.yaml` or `.yml`, else JSON. */
export async function readConfigFile(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw unreadable(file, code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`);
  }
  return /^\.ya?ml$/i.test(extname(file)) ? parseYaml(file, text) : parseJson(file, text);
}

// The parsers' own messages quote the text around the fault, which can be a password: only the place is told.
function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const offset = /at position (\d+)/.exec((error as Error).message)?.[1];
    const lines = text.slice(0, Number(offset ?? 0)).split('\n');
    const place = offset && ` at line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
    throw unreadable(file, `it is not JSON${place ?? ''}`);
  }
}

async function parseYaml(file: string, text: string): Promise<unknown> {
  // What the parser takes grows faster than the text: beyond this it could be told to take seconds.
  if (text.length > LONGEST_YAML) {
    throw unreadable(file, `it has more than ${LONGEST_YAML} characters, which no configuration needs`);
  }
  const { LineCounter, parseDocument, visit } = await import('yaml');
  const lines = new LineCounter();
  const document = notTooDeep(file, () => parseDocument(text, { lineCounter: lines }));
  const [fault] = document.errors;
  if (fault) throw unreadable(file, `it is not YAML${placeOf(fault.linePos?.[0])}`);
  try {
    return notTooDeep(file, () => document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    let first: number | undefined;
    visit(document, {
      Alias(_key, alias) {
        first = alias.range?.[0];
        return visit.BREAK;
      },
    });
    const place = first === undefined ? '' : placeOf(lines.linePos(first));
    throw unreadable(file, `its aliases (*name)${place} stand for nothing, or for more than can be held`);
  }
}

function notTooDeep<Result>(file: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (error) {
    if (error instanceof RangeError) throw unreadable(file, 'it is nested too deep');
    throw error;
  }
}

function placeOf(at: { readonly line: number; readonly col: number } | undefined): string {
  return at ? ` at line ${at.line}, column ${at.col}` : '';
}

function unreadable(file: string, why: string): ConfigError {
  return new ConfigError('The configuration file cannot be used', [{ path: file, message: why }]);
}
