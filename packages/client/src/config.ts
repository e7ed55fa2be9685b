import { type Hierarchy, type Issue, newId } from '@intersect-sdk/core';
import {
  type FieldReader,
  type ResolvedOf,
  readOptions,
  readTable,
  type Wire,
  wireOf,
} from '@intersect-sdk/core/internal';
import { CLIENT_OPTIONS, type Observers, observersOf, PARTICIPANT_OPTIONS } from '@intersect-sdk/messaging';
import { type CheckedCallback, checkCallback } from './callbacks.js';

type Options = ResolvedOf<typeof PARTICIPANT_OPTIONS> & ResolvedOf<typeof CLIENT_OPTIONS>;

/** The options, and what is made of those that are not used as they are. */
export interface ResolvedClientConfig
  extends Omit<Options, 'initialMessageEventConfig' | 'onReport' | 'observers'> {
  readonly wire: Wire;
  readonly initial: CheckedCallback;
  /** The client's own address, new for each client. */
  readonly address: string;
  readonly observers: Observers;
}

/** What the constructor was given besides the configuration; the rules depend on which callbacks there are. */
export interface GivenCallbacks {
  readonly userCallback: unknown;
  readonly eventCallback: unknown;
}

/** Checks and completes a client's configuration. Throws one ConfigError with every problem. */
export function resolveClientConfig(input: unknown, callbacks: GivenCallbacks): ResolvedClientConfig {
  return readOptions('The client cannot be set up', input, (fields) => {
    const wire = wireOf(input);
    const { initialMessageEventConfig, onReport, observers, ...common } = {
      ...readTable(fields, PARTICIPANT_OPTIONS),
      ...readTable(fields, CLIENT_OPTIONS),
    };
    const canStore = common.dataStores.length > 0;
    const place = { wire, canStore, issues: fields.issues, path: 'initialMessageEventConfig' };
    const resolved: ResolvedClientConfig = {
      ...common,
      wire,
      initial: checkCallback(initialMessageEventConfig ?? {}, place),
      address: readAddress(fields, common, wire),
      observers: observersOf({ onReport, observers, logger: common.logger }, wire),
    };
    checkCallbacks(callbacks, resolved, fields.issues);
    return resolved;
  });
}

/** Each part that has to be given may be left out, and the last one is always new. */
function readAddress(
  fields: FieldReader,
  options: Pick<Options, 'organization' | 'facility' | 'system'>,
  wire: Wire,
): string {
  const given = wire.addressParts.filter(({ name, absent }) => absent === undefined && name !== 'service');
  for (const name of ['organization', 'facility', 'system'] as const) {
    if (fields.raw(name) !== undefined && !given.some((part) => part.name === name)) {
      fields.addIssue(name, 'is no part of an address in this version of the protocol');
    }
  }
  const parts = given.map(({ name }) => [name, options[name as 'system']] as const);
  const hierarchy = { ...Object.fromEntries(parts), service: `tmp-${newId()}` } as unknown as Hierarchy;
  wire.checkHierarchy(hierarchy, fields.issues);
  return wire.addressOf(hierarchy);
}

/** A conversation by callbacks needs its callbacks and a first step; without callbacks nothing is asked. */
function checkCallbacks(callbacks: GivenCallbacks, config: ResolvedClientConfig, issues: Issue[]): void {
  for (const [path, callback] of Object.entries(callbacks)) {
    if (callback === undefined || callback === null || typeof callback === 'function') continue;
    issues.push({ path, message: 'must be a function' });
  }
  const { userCallback, eventCallback } = callbacks;
  const { initial, terminateAfterInitialMessages } = config;
  const path = 'initialMessageEventConfig';
  const sends = initial.send.length > 0;
  const listens = initial.startListening.length > 0;
  // As in the reference: a client that only wants the events that its messages cause needs no userCallback.
  if (sends && !userCallback && !eventCallback && !terminateAfterInitialMessages) {
    const message =
      'needs a userCallback, or nobody gets the answers; to wait for an answer use client.request()';
    issues.push({ path: `${path}.messagesToSend`, message });
  }
  if (listens && !eventCallback) {
    const message =
      'needs an eventCallback, or nobody gets the events; to read events in a loop use client.events()';
    issues.push({ path: `${path}.servicesToStartListeningForEvents`, message });
  }
  if (
    (userCallback || eventCallback) &&
    !sends &&
    !listens &&
    !terminateAfterInitialMessages &&
    issues.length === 0
  ) {
    issues.push({
      path,
      message: 'must hold a first message or event: without one no callback is ever called',
    });
  }
}
