import type { Issue } from '../../errors/errors.js';
import type { OptionRow } from '../../options/option.js';
import { custom } from '../../options/special.js';
import { encodeUtf8 } from '../../plumbing/utf8.js';
import { kindOf } from '../../plumbing/value-rules.js';
import type { WireVersion } from '../wire-version.js';

/** Headers of a message beyond those of the protocol, by name. */
export type FurtherHeaders = Readonly<Record<string, string>>;

/** The row of the option `headers`. It gives what was given: `checkFurtherHeaders` knows the rules of the wire version. */
export function furtherHeadersRow(): OptionRow<FurtherHeaders, unknown> {
  return custom<FurtherHeaders, unknown>({ read: ({ value }) => value });
}

/** What names of the SDK's own headers begin with, and keys of its own in schema documents. */
const EXTENSION_PREFIX = 'x-intersect-';

/** How much of further headers one message may have, in bytes of names and values: AMQP carries about 64 KiB of headers of all kinds. */
const MAX_FURTHER_HEADER_BYTES = 32_768;

export const NO_HEADERS: FurtherHeaders = Object.freeze({});

/** How a version of the protocol tells its own headers from those that programs add. */
export interface FurtherHeaderRules {
  /**
   * Reads untrusted headers to send, e.g. an option `headers`; absent means none. Every problem is added to `issues` with its path
   * under `path`; use the result only if no issue was added.
   */
  checkFurtherHeaders(input: unknown, issues: Issue[], path: string): FurtherHeaders;
  /**
   * Those headers of a message that neither the protocol nor the SDK has a meaning for. Each of them can be sent on; what could not be
   * sent (an odd name, a control character in the value) is left out.
   */
  furtherHeadersOf(raw: FurtherHeaders): FurtherHeaders;
}

const NAME = /^[A-Za-z0-9][-\w.]{0,127}$/;
const NAME_HINT =
  "must have a name of 1 to 128 letters, digits, '-', '_' and '.' that begins with a letter or digit";
// MQTT brokers may end a connection that brings one, and frames use some themselves. Half a surrogate pair is no text.
const NOT_CARRIED = /[\p{Cc}\p{Cs}]/u;

export function furtherHeaderRules({ headerNames }: Pick<WireVersion, 'headerNames'>): FurtherHeaderRules {
  // A frame carries the content type among the headers (protocol section 9).
  const ownNames = new Set([...Object.values(headerNames), 'content_type']);

  const nameProblem = (name: string): string | undefined => {
    if (!NAME.test(name)) return NAME_HINT;
    const lower = name.toLowerCase();
    if (ownNames.has(lower)) return 'is a header of the protocol; choose another name';
    if (lower.startsWith(EXTENSION_PREFIX))
      return `begins with ${EXTENSION_PREFIX}, which is kept for the SDK`;
    return undefined;
  };

  return {
    checkFurtherHeaders(input, issues, path) {
      if (input === undefined) return NO_HEADERS;
      if (typeof input !== 'object' || input === null || Array.isArray(input)) {
        issues.push({
          path,
          message: `must be an object with a string for each header, got ${kindOf(input)}`,
        });
        return NO_HEADERS;
      }
      const entries = Object.entries(input);
      for (const [name, value] of entries) {
        const problem = nameProblem(name) ?? valueProblem(value);
        if (problem !== undefined) issues.push({ path: pathOf(path, name), message: problem });
      }
      const bytes = sizeOfHeaders(input as FurtherHeaders);
      if (bytes > MAX_FURTHER_HEADER_BYTES) {
        const message = `have ${bytes} bytes together, at most ${MAX_FURTHER_HEADER_BYTES} are sent`;
        issues.push({ path, message });
      }
      return Object.fromEntries(entries) as FurtherHeaders;
    },
    furtherHeadersOf(raw) {
      let found: Record<string, string> | undefined;
      for (const name in raw) {
        // Nearly every header of nearly every message ends here.
        if (ownNames.has(name)) continue;
        const value = raw[name] as string;
        if (nameProblem(name) !== undefined || valueProblem(value) !== undefined) continue;
        found ??= {};
        found[name] = value;
      }
      return found ?? NO_HEADERS;
    },
  };
}

/** In bytes of names and values. */
export function sizeOfHeaders(headers: FurtherHeaders): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    bytes += encodeUtf8(name).length + (typeof value === 'string' ? encodeUtf8(value).length : 0);
  }
  return bytes;
}

function valueProblem(value: unknown): string | undefined {
  if (typeof value !== 'string') return `must be a string, got ${kindOf(value)}`;
  return NOT_CARRIED.test(value) ? 'must not have control characters or half characters' : undefined;
}

/** As JSON text where the name is none, so that it can't forge a line of a log. */
function pathOf(path: string, name: string): string {
  return NAME.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name.slice(0, 60))}]`;
}
