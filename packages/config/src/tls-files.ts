import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Issue } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import { tlsRow } from '@intersect-sdk/transport/endpoint';

/** Puts the contents of `caFile`, `certFile` and `keyFile`, as the rows call them, in the place of their names. */
export async function readTlsFiles(broker: unknown, at: TlsFilesPlace): Promise<unknown> {
  const tls = (broker as { tls?: unknown } | undefined)?.tls;
  if (typeof tls !== 'object' || tls === null) return broker;
  const texts: Record<string, unknown> = { ...tls };
  for (const [field, { fromFile: fileField }] of Object.entries(tlsRow().fields ?? {})) {
    if (fileField === undefined) continue;
    const file = texts[fileField];
    delete texts[fileField];
    if (file === undefined) continue;
    const path = `${at.path}.tls.${fileField}`;
    if (typeof file !== 'string') {
      at.issues.push({ path, message: `must be the name of a file, got ${kindOf(file)}` });
    } else if (/[\r\n]|-----BEGIN/.test(file)) {
      // Never repeated: it may be a private key.
      at.issues.push({ path, message: `must be the name of a file; PEM text goes into ${field}` });
    } else if (texts[field] !== undefined) {
      at.issues.push({ path, message: `is given beside ${field}; keep one of the two` });
    } else {
      texts[field] = await readFile(resolve(at.folder, file), 'utf8').catch(
        (error: NodeJS.ErrnoException) => {
          at.issues.push({ path, message: `names a file that cannot be read (${error.code}): ${file}` });
        },
      );
    }
  }
  return { ...(broker as object), tls: texts };
}

export interface TlsFilesPlace {
  /** What relative names are relative to. */
  readonly folder: string;
  readonly path: string;
  readonly issues: Issue[];
}
