import { jsonText, parseJson } from '../json.js';

/** A request that a person keeps. Bytes are not kept: a file is chosen anew. */
export interface SavedRequest {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly operation: string;
  /** As JSON; undefined where there is none. */
  readonly argument: string | undefined;
}

/** Where texts stay when the page is closed: the browser's storage. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'intersect-console-saved';

/** The requests that were saved, by their names. What another version wrote and can't be read is left out. */
export function loadSaved(store: TextStore): SavedRequest[] {
  try {
    const read: unknown = JSON.parse(store.getItem(KEY) ?? '[]');
    return Array.isArray(read) ? read.filter(isSaved) : [];
  } catch {
    return [];
  }
}

/** Throws what the storage throws where it is full. */
export function storeSaved(store: TextStore, requests: readonly SavedRequest[]): void {
  store.setItem(KEY, JSON.stringify(requests));
}

export function argumentText(argument: unknown): string | undefined {
  return argument === undefined || argument instanceof Uint8Array ? undefined : jsonText(argument);
}

export function argumentOf({ argument }: Pick<SavedRequest, 'argument'>): unknown {
  return argument === undefined ? undefined : parseJson(argument);
}

function isSaved(value: unknown): value is SavedRequest {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, address, operation, argument } = value as Record<string, unknown>;
  const texts = [id, name, address, operation];
  return texts.every((each) => typeof each === 'string') && ['string', 'undefined'].includes(typeof argument);
}
