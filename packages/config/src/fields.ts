import { type OptionFacts, type OptionTable, snakeCase } from '@intersect-sdk/core/internal';
import { CLIENT_OPTIONS, PARTICIPANT_OPTIONS, SERVICE_OPTIONS } from '@intersect-sdk/messaging';

/** All options of a client, those that no file can hold included. */
export const CLIENT_TABLE: OptionTable = { ...PARTICIPANT_OPTIONS, ...CLIENT_OPTIONS };
/** All options of a service. */
export const SERVICE_TABLE: OptionTable = { ...SERVICE_OPTIONS, ...PARTICIPANT_OPTIONS };

/** What a configuration file may hold under two names. */
export interface Field {
  readonly name: string;
  /** As the Python SDK writes it. */
  readonly snake: string;
  readonly facts: OptionFacts;
}

/** The fields that a file can hold of a table; an option whose value can come from a file of its own is two. */
export function fieldsOf(table: OptionTable): readonly Field[] {
  return Object.entries(table)
    .filter(([, facts]) => isForFiles(facts))
    .flatMap(([name, facts]) => {
      const field = { name, snake: facts.snake ?? snakeCase(name), facts };
      const { fromFile } = facts;
      if (fromFile === undefined) return [field];
      return [field, { name: fromFile, snake: snakeCase(fromFile), facts: { json: { type: 'string' } } }];
    });
}

function isForFiles({ json, fields, items }: OptionFacts): boolean {
  return items ? isForFiles(items) : json !== undefined || fields !== undefined;
}
