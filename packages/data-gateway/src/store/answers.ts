import { DataError, type Issue, type StoredPointer } from '@intersect-sdk/core';
import { FieldReader } from '@intersect-sdk/core/internal';
import type { GatewayFacts } from '../api.js';

/** What the gateway says of itself. Throws DATA_STORE_UNKNOWN for anything else. */
export function factsIn(answer: Response, gateway: string): Promise<GatewayFacts> {
  return readJson(answer, gateway, (fields) => ({
    url: fields.requiredText('url', { minLength: 1 }),
    alsoKnownAs: fields.list('alsoKnownAs', String),
    maxDataBytes: fields.number('maxDataBytes', 0, { min: 1 }),
    partBytes: fields.number('partBytes', 0, { min: 1, integer: true }),
  }));
}

/** Where the gateway says that the data lie. */
export function pointerIn(answer: Response, gateway: string): Promise<StoredPointer> {
  return readJson(answer, gateway, (fields) => ({
    url: fields.requiredText('url', { minLength: 1 }),
    bucket: fields.requiredText('bucket', { minLength: 1 }),
    objectId: fields.requiredText('objectId', { minLength: 1 }),
    sha256: fields.text('sha256', undefined),
    size: fields.number('size', undefined),
    existed: fields.boolean('existed', false),
  }));
}

export function uploadIn(answer: Response, gateway: string): Promise<string> {
  return readJson(answer, gateway, (fields) => fields.requiredText('upload', { minLength: 1 }));
}

async function readJson<T>(answer: Response, gateway: string, read: (fields: FieldReader) => T): Promise<T> {
  const issues: Issue[] = [];
  const fields = new FieldReader(await answer.json().catch(() => undefined), issues);
  const value = read(fields);
  if (issues.length === 0) return value;
  throw new DataError(
    'DATA_STORE_UNKNOWN',
    `What answers at ${gateway} is no data gateway: check 'url', with its path.`,
  );
}
