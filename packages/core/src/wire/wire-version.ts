import { MessageError } from '../errors/errors.js';

/** The protocol version that this SDK speaks; it goes out as the header `sdk_version`. Not the version of the package. */
export const PROTOCOL_VERSION = '0.9.6';

/** Everything that two versions of the protocol may spell differently. */
export interface WireVersion {
  readonly version: string;
  /** Joins the parts of an address. */
  readonly addressSeparator: string;
  /** Joins the words of a channel. */
  readonly channelSeparator: string;
  /** The parts of an address, in their order. */
  readonly addressParts: readonly string[];
  /** Stands in an address for the subsystem that a service does not have. */
  readonly noSubsystem: string;
  readonly addressPattern: string;
  readonly hierarchyPartPattern: string;
  readonly namePattern: string;
  readonly channelSuffixes: Readonly<Record<'request' | 'response' | 'events' | 'lifecycle', string>>;
  /** Field of our header types -> header on the wire. */
  readonly headerNames: Readonly<Record<string, string>>;
}

/** The wire of protocol 0.9.x. A second version gets a second object of this kind (protocol sections 1 to 3). */
export const WIRE_0_9 = {
  version: PROTOCOL_VERSION,
  addressSeparator: '.',
  channelSeparator: '/',
  addressParts: ['organization', 'facility', 'system', 'subsystem', 'service'],
  noSubsystem: '-',
  addressPattern: '^[a-z0-9][-a-z0-9.]*[-a-z0-9]$',
  hierarchyPartPattern: '^[a-z]((?!--)[a-z0-9-]){2,62}$',
  namePattern: '^[a-zA-Z0-9]\\w*$',
  channelSuffixes: { request: 'request', response: 'response', events: 'events', lifecycle: 'lifecycle' },
  headerNames: {
    messageId: 'message_id',
    campaignId: 'campaign_id',
    requestId: 'request_id',
    source: 'source',
    destination: 'destination',
    createdAt: 'created_at',
    sdkVersion: 'sdk_version',
    operationId: 'operation_id',
    dataHandler: 'data_handler',
    hasError: 'has_error',
    capabilityName: 'capability_name',
    eventName: 'event_name',
    lifecycleType: 'lifecycle_type',
  },
} as const satisfies WireVersion;

const VERSION = /^(\d+)\.(\d+)\.\d+$/;

/**
 * True when programs of these two protocol versions may talk: same major and, while the major is 0,
 * same minor; the patch is free. False as well for what is not `major.minor.patch` (protocol section 3).
 */
export function areVersionsCompatible(a: string, b: string): boolean {
  if (a === b) return VERSION.test(a);
  const [, majorA, minorA] = VERSION.exec(a) ?? [];
  const [, majorB, minorB] = VERSION.exec(b) ?? [];
  if (majorA === undefined || majorB === undefined) return false;
  return Number(majorA) === Number(majorB) && (Number(majorA) > 0 || Number(minorA) === Number(minorB));
}

/** Throws MessageError VERSION_INCOMPATIBLE unless the other program's version may talk to ours. */
export function assertCompatibleVersion(theirs: string, sender: string): void {
  if (areVersionsCompatible(theirs, PROTOCOL_VERSION)) return;
  throw new MessageError(
    'VERSION_INCOMPATIBLE',
    `${sender} speaks protocol version ${theirs}, this program speaks ${PROTOCOL_VERSION}: both sides need the same major version and, while it is 0, the same minor version`,
  );
}
