import type { IntersectClientConfig, Observer } from '@intersect-sdk/client';
import type { AnyCapability } from '@intersect-sdk/contract/plain';
import {
  custom,
  flag,
  kindOf,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
} from '@intersect-sdk/core/internal';
import type { IntersectService, IntersectServiceConfig } from '@intersect-sdk/service';
import type { Transport } from '@intersect-sdk/transport';

/** A service that is set up by the lab, with options of its own. */
export interface PlacedService extends Partial<Omit<IntersectServiceConfig, 'brokers' | 'hierarchy'>> {
  readonly capabilities: readonly AnyCapability[];
  /**
   * Where it stands, `organization.facility.system.subsystem.service`.
   * @default `test-lab.test-facility.test-system.-.`, and the name of its first capability
   */
  readonly address?: string | undefined;
}

/** What a program's own client or service needs to be part of a lab: spread it into its options. */
export interface LabWiring {
  readonly brokers: readonly Transport[];
  readonly observers: readonly Observer[];
}

/** A capability, which gets a service of its own; a service with options; or a function that makes a service of the program's own. */
export type LabService = AnyCapability | PlacedService | ((wiring: LabWiring) => IntersectService);

const LAB_OPTIONS = {
  /**
   * Who is there: capabilities, each of which gets a service of its own, also those of `mockService`; `{ capabilities, address }` and options
   * of a service; or a function that makes a service: `(wiring) => new IntersectService([relay], { hierarchy, ...wiring })`. They are started
   * in this order.
   * @default nobody
   */
  services: custom<readonly LabService[], readonly LabService[]>({
    read({ value = [], path, issues }) {
      if (Array.isArray(value)) return value;
      issues.push({ path, message: `must be a list of services, got ${kindOf(value)}` });
      return [];
    },
  }),
  /**
   * Options of the lab's client, all but `brokers`.
   * @default those of every client
   */
  client: custom<Partial<Omit<IntersectClientConfig, 'brokers'>>, Partial<IntersectClientConfig>>({
    // The client itself checks them.
    read: ({ value = {} }) => value as Partial<IntersectClientConfig>,
  }),
  /**
   * Whether `stop()` rejects where something was reported that the test has not taken.
   * @default true
   */
  failOnReports: flag({ default: true }),
} satisfies OptionTable;

/** Who is in a lab. */
export interface LabOptions extends Named, OptionsOf<typeof LAB_OPTIONS> {}

/** Fills in the defaults. Throws ConfigError with every problem. */
export function resolveLabOptions(input: LabOptions) {
  return readOptions('The lab cannot be started', input, (fields) => readTable(fields, LAB_OPTIONS));
}
