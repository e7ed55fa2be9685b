import { custom, kindOf, type OptionRow } from '@intersect-sdk/core/internal';

/** One or more certificates as PEM, in one text or in several. */
export type Pem = string | Uint8Array | readonly (string | Uint8Array)[];

/** The row of certificates. Whether they can be read is found out when they are used. */
export function pemRow(): OptionRow<Pem, Pem | undefined> {
  return custom<Pem, Pem | undefined>({
    read({ value, path, issues }) {
      if (value === undefined || isPem(value) || (Array.isArray(value) && value.every(isPem))) {
        return value as Pem | undefined;
      }
      issues.push({ path, message: `must be a certificate as PEM, or a list of them; got ${kindOf(value)}` });
      return undefined;
    },
  });
}

function isPem(value: unknown): boolean {
  const text = value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  return typeof text === 'string' && text.includes('-----BEGIN');
}
