import { ConfigError } from '@intersect-sdk/core';
import {
  custom,
  type Given,
  kindOf,
  type Named,
  type OptionsOf,
  type OptionTable,
  readOptions,
  readTable,
  unknownField,
} from '@intersect-sdk/core/internal';
import type { DocumentCapability } from './read-document.js';

type StatusNames = Readonly<Record<string, string>>;

const FUNCTION_NAME = /^[A-Za-z_]\w{0,254}$/;

const GENERATE_OPTIONS = {
  /**
   * The functions that give the status, by the names of their capabilities: `{ Camera: 'camera_status' }`. A document does not say them. With
   * the name `$status()` asks the service, and the capability can be implemented; without it, `$status()` gives what the service told last by itself.
   * @default {}
   */
  statusNames: custom<StatusNames, StatusNames>({ read: readStatusNames }),
} satisfies OptionTable;

/** How a contract module is written. */
export interface GenerateOptions extends Named, OptionsOf<typeof GENERATE_OPTIONS> {}

/** Reads the options for a document with these capabilities. Throws ConfigError with every problem. */
export function readGenerateOptions(
  input: unknown,
  capabilities: readonly DocumentCapability[],
): StatusNames {
  const what = 'The contract cannot be generated';
  const { statusNames } = readOptions(what, input, (fields) => readTable(fields, GENERATE_OPTIONS));
  const withStatus = capabilities.filter(({ status }) => status !== undefined).map(({ name }) => name);
  const issues = Object.keys(statusNames)
    .filter((name) => !withStatus.includes(name))
    .map((name) => ({
      path: `statusNames.${name}`,
      message: unknownField(name, withStatus, 'capability with a status'),
    }));
  if (issues.length > 0) throw new ConfigError(what, issues);
  return statusNames;
}

function readStatusNames({ value = {}, path, issues }: Given): StatusNames {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    issues.push({
      path,
      message: `must be an object with the name of a function for each capability, got ${kindOf(value)}`,
    });
    return {};
  }
  for (const [capability, name] of Object.entries(value)) {
    if (typeof name !== 'string' || !FUNCTION_NAME.test(name)) {
      issues.push({
        path: `${path}.${capability}`,
        message: "must be letters, digits and '_', no digit first",
      });
    }
  }
  return value as StatusNames;
}
