import type { Issue } from '@intersect-sdk/core';
import { brokerFieldsOf } from '@intersect-sdk/transport/endpoint';

/** Names a whole broker; the variables below go before what it says. */
const URL_VARIABLE = 'INTERSECT_BROKER_URL';

/** Which field of the broker each variable sets. */
const VARIABLES = {
  INTERSECT_BROKER_PROTOCOL: 'protocol',
  INTERSECT_BROKER_HOST: 'host',
  INTERSECT_BROKER_PORT: 'port',
  INTERSECT_BROKER_USERNAME: 'username',
  INTERSECT_BROKER_PASSWORD: 'password',
} as const;

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Overridden {
  readonly brokers: readonly unknown[];
  /** The variable that a path's value came from. */
  readonly variables: ReadonlyMap<string, string>;
}

/**
 * Lets the environment's variables replace fields of the one broker, or make it where there is none.
 * With several brokers it would be unclear which one is meant, so that is an issue.
 */
export function overrideBroker(brokers: readonly unknown[], env: Environment, issues: Issue[]): Overridden {
  const variables = new Map<string, string>();
  const fields: Record<string, unknown> = {};
  let given = brokers[0] as object | undefined;
  const url = readVariable(URL_VARIABLE);
  if (url) {
    const named = brokerFieldsOf(url, (message) => issues.push({ path: URL_VARIABLE, message }));
    for (const field of Object.keys(named)) variables.set(`brokers[0].${field}`, URL_VARIABLE);
    // The URL says where the broker is; only who may use it can still come from the configuration.
    const { username, password } = (given ?? {}) as Record<string, unknown>;
    given = {
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...named,
    };
  }
  for (const [variable, field] of Object.entries(VARIABLES)) {
    const text = readVariable(variable);
    if (!text) continue;
    variables.set(`brokers[0].${field}`, variable);
    fields[field] = field === 'port' ? readPort(text, variable, issues) : text;
  }
  if (variables.size === 0) return { brokers, variables };
  return { brokers: [{ ...given, ...fields }], variables };

  function readVariable(variable: string): string | undefined {
    const text = env[variable];
    if (!text || brokers.length <= 1) return text;
    issues.push({ path: variable, message: `sets one broker, but ${brokers.length} are configured` });
    return undefined;
  }
}

function readPort(text: string, variable: string, issues: Issue[]): number {
  if (!/^\d{1,9}$/.test(text)) issues.push({ path: variable, message: 'must be a whole number' });
  return Number(text);
}
