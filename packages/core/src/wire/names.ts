import type { Issue } from '../errors/errors.js';
import { FieldReader } from '../plumbing/field-reader.js';
import { WIRE_0_9 } from './wire-version.js';

const HIERARCHY_PART = new RegExp(WIRE_0_9.hierarchyPartPattern);
const ADDRESS = new RegExp(WIRE_0_9.addressPattern);
const NAME = new RegExp(WIRE_0_9.namePattern);
const CONTENT_TYPE = /^\w+\/[-+.\w]+$/;
const MAX_NAME_LENGTH = 255;

const HIERARCHY_HINT =
  'must be 3 to 63 characters: a lower-case letter, then lower-case letters, digits and single hyphens';

/** The capability that every service has; no other capability may take the name. */
export const RESERVED_CAPABILITY = 'intersect_sdk';

/** The content type of a payload that is JSON, and of one whose sender names none. */
export const DEFAULT_CONTENT_TYPE = 'application/json';

/** Where a program stands in the ecosystem (protocol section 1). Each part fits `isHierarchyPart`. */
export interface Hierarchy {
  readonly organization: string;
  readonly facility: string;
  readonly system: string;
  readonly subsystem?: string | undefined;
  readonly service: string;
}

/** The five parts joined by dots; a missing subsystem is written `-`. Does not check the parts: see `checkHierarchy`. */
export function addressOf(hierarchy: Hierarchy): string {
  return addressPartsOf(hierarchy).join(WIRE_0_9.addressSeparator);
}

/** The five parts in their order, `-` for a missing subsystem. */
export function addressPartsOf(hierarchy: Hierarchy): readonly string[] {
  return WIRE_0_9.addressParts.map((part) => hierarchy[part] ?? WIRE_0_9.noSubsystem);
}

/** The hierarchy that an address of five parts stands for; undefined for any other text, also for two-part addresses. */
export function hierarchyOf(address: string): Hierarchy | undefined {
  const [organization, facility, system, subsystem, service, ...more] = address.split(
    WIRE_0_9.addressSeparator,
  );
  if (!organization || !facility || !system || !subsystem || !service || more.length > 0) return undefined;
  const hierarchy: Hierarchy =
    subsystem === WIRE_0_9.noSubsystem
      ? { organization, facility, system, service }
      : { organization, facility, system, subsystem, service };
  return Object.values(hierarchy).every(isHierarchyPart) ? hierarchy : undefined;
}

/**
 * Reads an untrusted value as a hierarchy. Every problem is added to `issues` with its path under
 * `path`; undefined when there was one. A subsystem of `null` means none.
 */
export function checkHierarchy(input: unknown, issues: Issue[], path = ''): Hierarchy | undefined {
  const before = issues.length;
  const reader = new FieldReader(input, issues, path);
  const rule = { pattern: HIERARCHY_PART, hint: HIERARCHY_HINT };
  const organization = reader.requiredText('organization', rule);
  const facility = reader.requiredText('facility', rule);
  const system = reader.requiredText('system', rule);
  const subsystem = reader.raw('subsystem') === null ? undefined : reader.text('subsystem', undefined, rule);
  const service = reader.requiredText('service', rule);
  reader.rejectUnknown();
  if (issues.length > before) return undefined;
  return subsystem === undefined
    ? { organization, facility, system, service }
    : { organization, facility, system, subsystem, service };
}

/** True for what may be one part of a hierarchy. */
export function isHierarchyPart(text: string): boolean {
  return HIERARCHY_PART.test(text);
}

/** True for what may be a `source` or `destination`: at least two parts, none empty, lower case (protocol section 1). */
export function isAddress(text: string): boolean {
  return ADDRESS.test(text) && text.includes(WIRE_0_9.addressSeparator) && !text.includes('..');
}

/** True for what may name a capability; `intersect_sdk` is one too, although reserved. */
export function isCapabilityName(text: string): boolean {
  return NAME.test(text) && text.length <= MAX_NAME_LENGTH;
}

/** True for what may name an event. */
export function isEventName(text: string): boolean {
  return isCapabilityName(text);
}

/**
 * True for a content type without parameters (`image/png`; not `text/html; charset=utf-8`). Services
 * compare content types as exact text, so a parameter would never match.
 */
export function isContentType(text: string): boolean {
  return CONTENT_TYPE.test(text);
}
