import {
  DEFAULT_CONTENT_TYPE,
  encodeUtf8,
  type FieldReader,
  RESERVED_CAPABILITY,
  type Wire,
} from '@intersect-sdk/core/internal';
import type { CheckedRequest } from '../ask/parameters.js';

/** What every service answers, whoever made it (protocol section 7). */
const OPERATION = `${RESERVED_CAPABILITY}.system_capability`;
const NULL = encodeUtf8('null');

/** The question that every service answers. */
export function coreRequest(address: string): CheckedRequest {
  return {
    destination: address,
    operation: OPERATION,
    contentType: DEFAULT_CONTENT_TYPE,
    dataHandler: 'MESSAGE',
    payload: NULL,
  };
}

/** Adds a problem where this is no address to ask. */
export function checkServiceAddress(fields: FieldReader, address: unknown, wire: Wire): void {
  const problem = typeof address === 'string' ? wire.addressProblem(address) : wire.addressHint;
  if (problem !== undefined) fields.addIssue('address', problem);
}
