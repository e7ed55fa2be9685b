import type { WatchedMessage } from '@intersect-sdk/client';
import { UsageError } from '../outcome/usage-error.js';

const NAMES = ['kind', 'address', 'source', 'operation', 'event', 'campaign'] as const;
type Name = (typeof NAMES)[number];

/** Whether a message is wanted. */
export type Filter = (message: WatchedMessage) => boolean;

/** What a message can be chosen by. */
export type Values = Readonly<Record<Name, string | undefined>> & {
  readonly kind: string;
  readonly address: string;
};

export function valuesOf({ kind, address, message }: WatchedMessage): Values {
  const {
    source,
    operation_id: operation,
    capability_name: capability,
    event_name: event,
    campaign_id: campaign,
  } = message.headers;
  return { kind, address, source, operation, event: event && `${capability}.${event}`, campaign };
}

/** Of `name=pattern` texts; all that are given must fit. Throws UsageError for what is none. */
export function filterOf(texts: readonly string[]): Filter {
  const wanted = texts.map((text) => {
    const [, name, pattern] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
    const known = NAMES.find((each) => each === name);
    if (!known || pattern === undefined) {
      throw new UsageError(`'${text}' is no filter: write NAME=PATTERN, with a name of ${NAMES.join(', ')}`);
    }
    return { name: known, fits: matcher(pattern) };
  });
  return (message) => {
    const values = valuesOf(message);
    return wanted.every(({ name, fits }) => fits(values[name] ?? ''));
  };
}

/** `*` stands for any number of characters. */
function matcher(pattern: string): (text: string) => boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  const expression = new RegExp(`^${source}$`, 's');
  return (text) => expression.test(text);
}
