import type { Hierarchy, Issue } from '@intersect-sdk/core';
import { type ResolvedOf, readNested, readTable, type Wire, wireOf } from '@intersect-sdk/core/internal';
import { type Observers, observersOf, PARTICIPANT_OPTIONS, SERVICE_OPTIONS } from '@intersect-sdk/messaging';
import { type Instance, instanceOf } from './replicas/instance.js';

type Options = ResolvedOf<typeof PARTICIPANT_OPTIONS> & ResolvedOf<typeof SERVICE_OPTIONS>;

/** The options, and what is made of those that are not used as they are. */
export interface ResolvedServiceConfig
  extends Omit<
    Options,
    'hierarchy' | 'statusInterval' | 'onReport' | 'observers' | 'replicas' | 'instanceId'
  > {
  readonly wire: Wire;
  readonly hierarchy: Hierarchy;
  readonly statusIntervalMs: number;
  readonly maxInFlight: number;
  /** Whether that was given. */
  readonly isWindowGiven: boolean;
  /** Undefined for a service that is alone. */
  readonly instance: Instance | undefined;
  readonly observers: Observers;
}

/** Stands for a hierarchy that was refused, so that the rest can be checked too. */
const NOWHERE: Hierarchy = { organization: 'none', facility: 'none', system: 'none', service: 'none' };

/** Checks and completes a service's configuration. Remembers every problem; the result is only of use if there is none. */
export function resolveServiceConfig(input: unknown, issues: Issue[]): ResolvedServiceConfig {
  return readNested({ value: input, path: '', issues }, (fields) => {
    const wire = wireOf(input);
    const { replicas, instanceId, ...options } = readTable(fields, SERVICE_OPTIONS);
    const { hierarchy, statusInterval, maxInFlight, onReport, observers, ...common } = {
      ...options,
      ...readTable(fields, PARTICIPANT_OPTIONS),
    };
    if (instanceId !== undefined && !replicas)
      fields.addIssue('instanceId', 'goes with replicas: true alone');
    const checked = hierarchy === undefined ? undefined : wire.checkHierarchy(hierarchy, issues, 'hierarchy');
    return {
      ...common,
      wire,
      hierarchy: checked ?? NOWHERE,
      statusIntervalMs: statusInterval * 1000,
      instance: replicas ? instanceOf(instanceId) : undefined,
      maxInFlight: maxInFlight ?? usualInFlight(common.concurrency),
      isWindowGiven: maxInFlight !== undefined,
      observers: observersOf({ onReport, observers, logger: common.logger }, wire),
    };
  });
}

const usualInFlight = (concurrency: number): number => Math.max(1_024, Math.min(concurrency * 4, 65_535));
