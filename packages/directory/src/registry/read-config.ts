import { type Issue, MessageError } from '@intersect-sdk/core';
import { kindOf } from '@intersect-sdk/core/internal';
import { type BrokerConfig, brokerFieldsOf } from '@intersect-sdk/transport/endpoint';

/** What the registry knows for a program. */
export interface RegistryConfig {
  readonly systemName: string;
  /** The name that the registry gave to a client; undefined for a service. It is no address of protocol 0.9. */
  readonly clientName: string | undefined;
  /** As a client or a service takes them. Empty where the registry does not know them yet. */
  readonly brokers: readonly BrokerConfig[];
  /** How many brokers it named and did not say where they are: registries of today do so in production. */
  readonly placeholders: number;
  /** As the registry gave them. */
  readonly dataStores: readonly unknown[];
}

/** What stands in the place of a URI that the registry does not know how to make yet. */
const PLACEHOLDER = 'iwillconstructthislater';

/** Reads an answer of the registry, in the form of today or in the one to come. Throws MessageError PAYLOAD_INVALID with every problem. */
export function readRegistryConfig(json: unknown): RegistryConfig {
  const issues: Issue[] = [];
  const answer = record(json, '', issues);
  const given = answer.broker === undefined ? answer.brokers : [answer.broker];
  if (!Array.isArray(given))
    issues.push({ path: 'brokers', message: `must be a list, got ${kindOf(given)}` });
  const list: readonly unknown[] = Array.isArray(given) ? given : [];
  const isPlaceholder = (broker: unknown): boolean =>
    (broker as { uri?: unknown } | null)?.uri === PLACEHOLDER;
  const brokers = list
    .filter((broker) => !isPlaceholder(broker))
    .map((broker, index) => {
      return readBroker(broker, `brokers[${index}]`, issues);
    });
  const firstBroker = record(list[0] ?? {}, '', []);
  const systemName = answer.system_name ?? firstBroker.system_name;
  if (typeof systemName !== 'string')
    issues.push({ path: 'system_name', message: `must be a string, got ${kindOf(systemName)}` });
  if (issues.length > 0)
    throw new MessageError('PAYLOAD_INVALID', 'The answer of the registry cannot be read', { issues });
  const { client_name: clientName, data_stores: stores } = answer;
  return {
    systemName: systemName as string,
    clientName: typeof clientName === 'string' ? clientName : undefined,
    brokers,
    placeholders: list.length - brokers.length,
    dataStores: Array.isArray(stores) ? stores : [],
  };
}

function readBroker(given: unknown, path: string, issues: Issue[]): BrokerConfig {
  const broker = record(given, path, issues);
  const refuse = (name: string, message: string): void =>
    void issues.push({ path: `${path}.${name}`, message });
  if (typeof broker.uri !== 'string') return plainBroker(broker, refuse);
  // Its text may hold a password, so that no part of it stands in an error.
  const fields = brokerFieldsOf(broker.uri, (message) => refuse('uri', message));
  const { username = '', password = '', protocol = 'amqp0.9.1', ...rest } = fields;
  if (username === '') refuse('uri', 'names no user');
  const { tls } = broker;
  const certificate = typeof tls === 'string' && tls !== '' ? { ca: tls } : undefined;
  return { protocol, username, password, isRoot: false, ...rest, ...(certificate && { tls: certificate }) };
}

/** As registries to come will say it. */
function plainBroker(
  broker: Readonly<Record<string, unknown>>,
  refuse: (name: string, message: string) => void,
): BrokerConfig {
  const text = (name: string): string => {
    const value = broker[name];
    if (typeof value === 'string' && value !== '') return value;
    refuse(name, `must be a string, got ${kindOf(value)}`);
    return '';
  };
  const { protocol, host, port, is_root: isRoot = false } = broker;
  if (protocol !== 'amqp0.9.1' && protocol !== 'mqtt5.0')
    refuse('protocol', "must be 'amqp0.9.1' or 'mqtt5.0'");
  return {
    protocol: protocol === 'mqtt5.0' ? 'mqtt5.0' : 'amqp0.9.1',
    username: text('username'),
    password: text('password'),
    isRoot: isRoot === true,
    ...(typeof host === 'string' && { host }),
    ...(typeof port === 'number' && { port }),
  };
}

function record(value: unknown, path: string, issues: Issue[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  issues.push({ path, message: `must be an object, got ${kindOf(value)}` });
  return {};
}
