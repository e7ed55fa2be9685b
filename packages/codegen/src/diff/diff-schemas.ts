import { isNode, type JsonSchema, parseRef, type SchemaNode } from '@intersect-sdk/contract/internal';
import {
  type DocumentCapability,
  type Event,
  type Operation,
  type Payload,
  type ReadDocument,
  readDocument,
} from '../contract/read-document.js';
import type { ChangeKind, SchemaChange, Way } from './changes.js';
import type { Resolve } from './choices.js';
import { extensionKeys, SchemaComparison } from './compare-schemas.js';

type Breaks = Pick<SchemaChange, 'breaksCallers' | 'breaksImplementers'>;

const HARMLESS: Breaks = { breaksCallers: false, breaksImplementers: false };
const FOR_CALLERS: Breaks = { breaksCallers: true, breaksImplementers: false };
const FOR_IMPLEMENTERS: Breaks = { breaksCallers: false, breaksImplementers: true };
const FOR_BOTH: Breaks = { breaksCallers: true, breaksImplementers: true };

/**
 * What is different in a newer schema document, each difference with its name, place and whom it breaks. Both say what values can be
 * sent, so a type that got another name is no difference. What cannot be judged (`not`, `if`, another pattern) counts as breaking. Throws what `generateContract`
 * throws for a document that cannot be used.
 */
export function diffSchemas(older: unknown, newer: unknown): readonly SchemaChange[] {
  const [before, after] = [readDocument(older), readDocument(newer)];
  const diff = new DocumentDiff(before, after);
  diff.heads();
  diff.extensions(older as SchemaNode, newer as SchemaNode, '');
  diff.each(before.capabilities, after.capabilities, {
    gone: ({ name }) => diff.add(['capability-removed', FOR_CALLERS], name, `the capability ${name} is gone`),
    come: ({ name }) =>
      diff.add(['capability-added', FOR_IMPLEMENTERS], name, `there is a capability ${name}`),
    both: (old, now) => diff.capability(old, now),
  });
  return diff.changes;
}

interface Sides<Item> {
  readonly gone: (item: Item) => void;
  readonly come: (item: Item) => void;
  readonly both: (old: Item, now: Item) => void;
}

class DocumentDiff {
  readonly changes: SchemaChange[] = [];
  readonly #before: ReadDocument;
  readonly #after: ReadDocument;

  constructor(before: ReadDocument, after: ReadDocument) {
    this.#before = before;
    this.#after = after;
  }

  add([kind, broken]: readonly [ChangeKind, Breaks], path: string, message: string): void {
    this.changes.push({ kind, path, message, ...broken });
  }

  heads(): void {
    const [old, now] = [this.#before, this.#after];
    if (old.address !== now.address) {
      this.add(['address-changed', HARMLESS], 'info.title', `was ${old.address} and is ${now.address}`);
    }
    if (old.protocolVersion === now.protocolVersion) return;
    const message = `the protocol was ${old.protocolVersion} and is ${now.protocolVersion}`;
    const broken = isCompatible(old.protocolVersion, now.protocolVersion) ? HARMLESS : FOR_BOTH;
    this.add(['protocol-changed', broken], 'x-intersect-version', message);
  }

  extensions(old: SchemaNode, now: SchemaNode, path: string): void {
    for (const key of extensionKeys(old, now)) {
      if (key !== 'x-intersect-version') this.add(['extension-changed', HARMLESS], path, `${key} changed`);
    }
  }

  each<Item extends { readonly name: string }>(
    before: readonly Item[],
    after: readonly Item[],
    sides: Sides<Item>,
  ): void {
    const newer = new Map(after.map((item) => [item.name, item]));
    for (const old of before) {
      const now = newer.get(old.name);
      newer.delete(old.name);
      if (now) sides.both(old, now);
      else sides.gone(old);
    }
    for (const item of newer.values()) sides.come(item);
  }

  capability(old: DocumentCapability, now: DocumentCapability): void {
    const at = (name: string): string => `${old.name}.${name}`;
    this.#described(old, now, old.name);
    this.each(old.operations, now.operations, {
      gone: ({ name }) =>
        this.add(['operation-removed', FOR_CALLERS], at(name), `the operation ${name} is gone`),
      come: ({ name }) =>
        this.add(['operation-added', FOR_IMPLEMENTERS], at(name), `there is an operation ${name}`),
      both: (one, other) => this.#operation(one, other, at(one.name)),
    });
    this.each(old.events, now.events, {
      gone: ({ name }) => this.add(['event-removed', FOR_BOTH], at(name), `the event ${name} is gone`),
      come: ({ name }) => this.add(['event-added', HARMLESS], at(name), `there is an event ${name}`),
      both: (one, other) => this.#event(one, other, at(one.name)),
    });
    const path = at('status');
    if (old.status && !now.status) this.add(['status-removed', FOR_CALLERS], path, 'there is no status');
    if (!old.status && now.status) this.add(['status-added', FOR_IMPLEMENTERS], path, 'there is a status');
    if (old.status && now.status) this.#payloads([old.status, now.status], path, 'given');
  }

  #operation(old: Operation, now: Operation, path: string): void {
    this.#described(old, now, path);
    const at = `${path}.argument`;
    const { request: before } = old;
    const { request: after } = now;
    if (before && !after) this.add(['argument-removed', FOR_IMPLEMENTERS], at, 'takes no argument');
    if (!before && after) {
      const broken = mayBeLeftOut(after) ? FOR_IMPLEMENTERS : FOR_BOTH;
      this.add(['argument-added', broken], at, 'takes an argument');
    }
    if (before && after) {
      if (mayBeLeftOut(before) && !mayBeLeftOut(after))
        this.add(['argument-needed', FOR_CALLERS], at, 'has no default any more, so it must be there');
      this.#payloads([before, after], at, 'argument');
    }
    this.#payloads([old.response, now.response], `${path}.answer`, 'given');
  }

  #event(old: Event, now: Event, path: string): void {
    this.#described(old, now, path);
    this.#payloads([old.payload, now.payload], `${path}.event`, 'given');
  }

  #described(
    old: { readonly description?: string | undefined },
    now: { readonly description?: string | undefined },
    path: string,
  ): void {
    if ((old.description ?? '') !== (now.description ?? '')) {
      this.add(['description-changed', HARMLESS], path, 'is described in other words');
    }
  }

  #payloads([old, now]: readonly [Payload, Payload], path: string, way: Way): void {
    const comparison = new SchemaComparison(way, resolver(this.#before), resolver(this.#after));
    comparison.compare(old.schema, now.schema, path);
    this.changes.push(...comparison.changes);
  }
}

function mayBeLeftOut({ schema }: Payload): boolean {
  return isNode(schema) && Object.hasOwn(schema, 'default');
}

function isCompatible(one: string, other: string): boolean {
  const part = (version: string) =>
    version
      .split('.')
      .slice(0, version.startsWith('0.') ? 2 : 1)
      .join('.');
  return part(one) === part(other);
}

function resolver({ schemas }: ReadDocument): Resolve {
  return (ref) => {
    const target = parseRef(ref);
    if (target.kind !== 'named') return undefined;
    let found: unknown = schemas.get(target.name);
    for (const part of target.inside)
      found = typeof found === 'object' && found !== null ? (found as SchemaNode)[part] : undefined;
    return found as JsonSchema | undefined;
  };
}
