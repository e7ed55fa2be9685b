import { inspect } from 'node:util';
import type { Logger } from '@intersect-sdk/core';

/** Collects everything that a program could show to somebody, and looks for secrets in it. */
export class SecretSearch {
  readonly #shown: { readonly where: string; readonly text: string }[] = [];
  readonly #secrets: Readonly<Record<string, string>>;

  /** Secrets by a name that may be shown. */
  constructor(secrets: Readonly<Record<string, string>>) {
    this.#secrets = secrets;
  }

  /** A logger that shows all it gets. */
  logger(where: string): Logger {
    const log = (fields: object, message?: string): void =>
      this.show(`${where}: log '${message}'`, fields, message);
    return { debug: log, info: log, warn: log, error: log };
  }

  /** Looks at values as people see them: as text, as JSON, and as Node prints them, hidden fields and causes too. */
  show(where: string, ...values: unknown[]): void {
    for (const value of values) {
      const texts = [
        String(value),
        json(value),
        inspect(value, { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }),
        ...(value instanceof Error ? [value.stack ?? ''] : []),
      ];
      for (const text of texts) this.#shown.push({ where, text });
    }
  }

  /** Where a secret is shown, by its name and never by itself. */
  get found(): string[] {
    const found = new Set<string>();
    for (const { where, text } of this.#shown) {
      for (const [name, secret] of Object.entries(this.#secrets)) {
        const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
        if (forms.some((form) => text.includes(form))) found.add(`${name} in ${where}`);
      }
    }
    return [...found];
  }

  /** How many texts were looked at. */
  get size(): number {
    return this.#shown.length;
  }
}

function json(value: unknown): string {
  const seen = new Set<unknown>();
  return (
    JSON.stringify(value, (_key, item: unknown) => {
      if (typeof item === 'bigint' || typeof item === 'function') return String(item);
      if (typeof item !== 'object' || item === null) return item;
      if (seen.has(item)) return '(again)';
      seen.add(item);
      return item instanceof Error
        ? { ...item, name: item.name, message: item.message, stack: item.stack, cause: item.cause }
        : item;
    }) ?? ''
  );
}
