import { sha224 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Issue } from '../errors/errors.js';
import { FieldReader } from '../plumbing/field-reader.js';
import type { Hierarchy } from './hierarchy.js';
import type { WireVersion } from './wire-version.js';

/**
 * How addresses are made and read. The functions have the rules of the public ones of the same names. A hierarchy has the parts of the
 * version's addresses, which need not be all those of the type.
 */
export interface Addresses {
  readonly addressParts: WireVersion['addressParts'];
  readonly addressHint: string;
  addressOf(hierarchy: Hierarchy): string;
  hierarchyOf(address: string): Hierarchy | undefined;
  isAddress(text: string): boolean;
  /** What is wrong with an address to send to or to listen to, as the end of a sentence; undefined when nothing is. */
  addressProblem(text: string): string | undefined;
  bucketNameOf(hierarchy: Hierarchy): string;
  /**
   * Reads an untrusted value as a hierarchy. Every problem is added to `issues` with its path under
   * `path`; undefined when there was one. A part of `null` means none, where it may be missing.
   */
  checkHierarchy(input: unknown, issues: Issue[], path?: string): Hierarchy | undefined;
}

export function addressesOf(version: WireVersion): Addresses {
  const { addressParts, addressSeparator, addressHint, partHint } = version;
  const addressPattern = new RegExp(version.addressPattern);
  const partPattern = new RegExp(version.partPattern);
  const partRule = { pattern: partPattern, hint: partHint };
  const twoSeparators = addressSeparator + addressSeparator;
  const isAddress = (text: string): boolean =>
    addressPattern.test(text) &&
    !text.includes(twoSeparators) &&
    countOf(text, addressSeparator) === addressParts.length - 1;
  /** What the text becomes with the mark of a part that may be missing, where that makes it an address. */
  const withAbsent = (text: string): string | undefined => {
    const optional = addressParts.findIndex(({ absent }) => absent !== undefined);
    const { absent } = addressParts[optional] ?? {};
    const parts = text.split(addressSeparator);
    if (absent === undefined || parts.length !== addressParts.length - 1) return undefined;
    const whole = [...parts.slice(0, optional), absent, ...parts.slice(optional)].join(addressSeparator);
    return isAddress(whole) ? whole : undefined;
  };
  const partsOf = (hierarchy: Hierarchy): string[] =>
    addressParts.map(({ name, absent = '' }) => hierarchy[name] ?? absent);

  return {
    addressParts,
    addressHint,
    addressOf: (hierarchy) => partsOf(hierarchy).join(addressSeparator),
    hierarchyOf(address) {
      const parts = address.split(addressSeparator);
      if (parts.length !== addressParts.length) return undefined;
      const hierarchy: Partial<Record<keyof Hierarchy, string>> = {};
      for (const [index, { name, absent }] of addressParts.entries()) {
        const part = parts[index] ?? '';
        if (part === absent) continue;
        if (!partPattern.test(part)) return undefined;
        hierarchy[name] = part;
      }
      return hierarchy as unknown as Hierarchy;
    },
    isAddress,
    addressProblem(text) {
      if (isAddress(text)) return undefined;
      const meant = withAbsent(text);
      const absent = addressParts.find((part) => part.absent !== undefined)?.absent;
      return meant === undefined ? addressHint : `${addressHint}; did you forget the ${absent}? ${meant}`;
    },
    bucketNameOf(hierarchy) {
      const hash = bytesToHex(sha224(utf8ToBytes(partsOf(hierarchy).join(''))));
      return `${hierarchy.service.slice(0, 6)}-${hash}`;
    },
    checkHierarchy(input, issues, path = '') {
      const before = issues.length;
      const reader = new FieldReader(input, issues, path);
      const hierarchy: Partial<Record<keyof Hierarchy, string>> = {};
      for (const { name, absent } of addressParts) {
        if (absent === undefined) hierarchy[name] = reader.requiredText(name, partRule);
        else if (reader.raw(name) !== null) {
          const part = reader.text(name, undefined, partRule);
          if (part !== undefined) hierarchy[name] = part;
        }
      }
      reader.rejectUnknown();
      return issues.length > before ? undefined : (hierarchy as unknown as Hierarchy);
    },
  };
}

/** Every message comes by here, so that no list of the parts is made. */
function countOf(text: string, separator: string): number {
  let count = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length))
    count++;
  return count;
}
