import { MessageError } from '../errors/errors.js';
import type { WireVersion } from './wire-version.js';

/** Which other versions a program of one version talks to. */
export interface Compatibility {
  /** As `areVersionsCompatible`. */
  isCompatible(theirs: string): boolean;
  /** As the function of this name. */
  assertCompatibleVersion(theirs: string, sender: string): void;
}

const VERSION = /^(\d+)\.(\d+)\.\d+$/;

/**
 * True when programs of these two protocol versions may talk: same major and, while the major is 0,
 * same minor; the patch is free. False also for a text that is not `major.minor.patch` (protocol section 3).
 */
export function areVersionsCompatible(a: string, b: string): boolean {
  if (a === b) return VERSION.test(a);
  const [, majorA, minorA] = VERSION.exec(a) ?? [];
  const [, majorB, minorB] = VERSION.exec(b) ?? [];
  if (majorA === undefined || majorB === undefined) return false;
  return Number(majorA) === Number(majorB) && (Number(majorA) > 0 || Number(minorA) === Number(minorB));
}

export function compatibilityOf({ version }: WireVersion): Compatibility {
  const isCompatible = (theirs: string): boolean => areVersionsCompatible(theirs, version);
  return {
    isCompatible,
    assertCompatibleVersion(theirs, sender) {
      if (isCompatible(theirs)) return;
      throw new MessageError(
        'VERSION_INCOMPATIBLE',
        [
          `${sender} speaks protocol version ${theirs}, this program speaks ${version}: both sides need the`,
          'same major version and, while it is 0, the same minor version',
        ].join(' '),
      );
    },
  };
}
