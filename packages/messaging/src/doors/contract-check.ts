import type { PayloadContract } from '@intersect-sdk/contract/plain';
import { decodePayload, encodePayload, type Issue, ValidationError } from '@intersect-sdk/core';

/** An argument ready to be sent, or what is wrong with it. */
export type EncodedArgument =
  | { readonly payload: Uint8Array; readonly issues?: undefined }
  | { readonly payload?: undefined; readonly issues: readonly Issue[] };

/** Checks an argument and encodes it. Throws ConfigError where the contract itself can't be used. */
export function encodeArgument(
  value: unknown,
  { contentType, isBinary, hasDefault, check }: PayloadContract,
  isChecked: boolean,
): EncodedArgument {
  if (isChecked && value === undefined && !hasDefault && !check(null).ok) {
    return { issues: [{ path: '', message: 'is required' }] };
  }
  let payload: Uint8Array;
  try {
    payload = encodePayload(value, contentType);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const { issues } = error;
    const checked = isChecked ? check(value) : undefined;
    if (!checked || checked.ok) return { issues };
    const known = new Set(issues.map(({ path }) => path));
    return { issues: [...issues, ...checked.issues.filter(({ path }) => !known.has(path))] };
  }
  if (!isChecked || value === undefined) return { payload };
  const checked = check(value);
  if (checked.ok) return { payload };
  // What has a `toJSON`, a Date for one, or fields that are undefined is judged by what travels.
  const carried = isBinary ? checked : check(decodePayload(payload, contentType, { integers: 'bigint' }));
  return carried.ok ? { payload } : { issues: carried.issues };
}

/** What came in: the value, and under which content type. */
export interface Arrived {
  readonly payload: unknown;
  readonly contentType: string;
}

/** What keeps an answer, event or status from fitting; empty if it does. Throws ConfigError where the contract itself can't be used. */
export function issuesOfArrived(
  { payload, contentType }: Arrived,
  contract: PayloadContract | undefined,
): readonly Issue[] {
  if (!contract)
    return payload === null ? [] : [{ path: '', message: 'must be null: the contract declares no answer' }];
  if (contentType !== contract.contentType) {
    return [{ path: '', message: `must have the content type ${contract.contentType}, got ${contentType}` }];
  }
  const checked = contract.check(payload);
  return checked.ok ? [] : checked.issues;
}
