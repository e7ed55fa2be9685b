import type { Issue } from '@intersect-sdk/core';
import { brokerFieldsOf, brokerRow } from '@intersect-sdk/transport/endpoint';
import { fromText } from './from-text.js';

/** Names a whole broker; the variables of its single options go before what it says. */
const URL_VARIABLE = 'INTERSECT_BROKER_URL';

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
  for (const [field, facts] of Object.entries(brokerRow().fields ?? {})) {
    const { variable } = facts;
    const text = variable && readVariable(variable);
    if (!text) continue;
    variables.set(`brokers[0].${field}`, variable);
    fields[field] = fromText(text, facts);
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
