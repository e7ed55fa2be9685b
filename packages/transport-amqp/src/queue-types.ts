import {
  custom,
  group,
  type Named,
  type OptionRow,
  type OptionsOf,
  type OptionTable,
  oneOf,
  type ResolvedOf,
} from '@intersect-sdk/core/internal';

const QUEUE_TYPES = ['classic', 'quorum'] as const;

export type QueueType = (typeof QUEUE_TYPES)[number];

const QUEUE_TYPE_OPTIONS = {
  /**
   * Of the queues of sessions: answers and events of clients, answers of an instance of several.
   * @default the default queue type of the virtual host
   */
  session: oneOf(QUEUE_TYPES),
  /**
   * Of the queues in which events are kept for a service that listens to them.
   * @default the default queue type of the virtual host
   */
  event: oneOf(QUEUE_TYPES),
} satisfies OptionTable;

/** Which type of queue is asked for, of the queues that no program of another SDK declares. */
export interface QueueTypes extends Named, OptionsOf<typeof QUEUE_TYPE_OPTIONS> {}
export interface ResolvedQueueTypes extends Named, ResolvedOf<typeof QUEUE_TYPE_OPTIONS> {}

/** The names under which somebody may look for the queues that this option is not about. */
const LOCKED_OUT = ['request', 'requests', 'response', 'responses'];

const WHY_NOT = [
  'is not given for request and response queues: programs of the Python SDK declare them without a type, and the broker would refuse',
  'those with 406 (inequivalent arg x-queue-type). Choose the type by the default queue type of the virtual host, which all programs',
  'obey alike',
].join(' ');

const types = group<QueueTypes, ResolvedQueueTypes>(QUEUE_TYPE_OPTIONS);

/** The row of the types. One type for all queues is refused, and so are queues that the Python SDK declares too, with the reason. */
export const queueTypeRow = (): OptionRow<QueueTypes, ResolvedQueueTypes | undefined> =>
  custom({
    fields: QUEUE_TYPE_OPTIONS,
    read(given) {
      const { value, path, issues } = given;
      if (typeof value === 'string') {
        issues.push({
          path,
          message: `${WHY_NOT}; for the others say { session: '${value}', event: '${value}' }`,
        });
        return undefined;
      }
      const locked = LOCKED_OUT.filter(
        (name) => typeof value === 'object' && value !== null && name in value,
      );
      for (const name of locked) issues.push({ path: `${path}.${name}`, message: WHY_NOT });
      return locked.length > 0 ? undefined : types.read(given);
    },
  });
