import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { ConfigError } from '@intersect-sdk/core';

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
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (!fault) return document.toJS();
  const at = fault.linePos?.[0];
  throw unreadable(file, `it is not YAML${at ? ` at line ${at.line}, column ${at.col}` : ''}`);
}

function unreadable(file: string, why: string): ConfigError {
  return new ConfigError('The configuration file cannot be used', [{ path: file, message: why }]);
}
