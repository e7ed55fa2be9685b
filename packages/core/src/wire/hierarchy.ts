import type { Named, OptionRow, OptionsOf, OptionTable } from '../options/option.js';
import { custom, required } from '../options/special.js';
import { text } from '../options/texts.js';

const HIERARCHY_OPTIONS = {
  /** Who runs the laboratory. */
  organization: required(text()),
  /** The laboratory, or the part of it. */
  facility: required(text()),
  /** The system within the facility. */
  system: required(text()),
  /**
   * The part of the system, where it has parts.
   * @default none
   */
  subsystem: text({ nullable: true }),
  /** The service itself. */
  service: required(text()),
} satisfies OptionTable;

/** Where a program stands in the ecosystem (protocol section 1). Each part is 3 to 63 characters: lower case, digits, single hyphens. */
export interface Hierarchy extends Named, OptionsOf<typeof HIERARCHY_OPTIONS> {}

/** The row of a hierarchy. It gives what was given: `checkHierarchy` knows the rules of the wire version. */
export function hierarchyRow(): OptionRow<Hierarchy, unknown> {
  return custom<Hierarchy, unknown>({ fields: HIERARCHY_OPTIONS, read: ({ value }) => value });
}
