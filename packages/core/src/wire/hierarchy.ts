/** Where a program stands in the ecosystem (protocol section 1). Each part is 3 to 63 characters: lower case, digits, single hyphens. */
export interface Hierarchy {
  readonly organization: string;
  readonly facility: string;
  readonly system: string;
  readonly subsystem?: string | undefined;
  readonly service: string;
}
