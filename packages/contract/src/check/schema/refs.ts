const COMPONENTS = ['components', 'schemas'];
const LOCAL = ['$defs', 'definitions'];

/** Where a `$ref` points: at a named type, or at the schema it stands in (both with a way further inside), or out of reach. */
export type RefTarget =
  | {
      readonly kind: 'named';
      readonly name: string;
      readonly inside: readonly string[];
      /** Among the `$defs` of the schema itself. */
      readonly isLocal: boolean;
    }
  | { readonly kind: 'self'; readonly inside: readonly string[] }
  | { readonly kind: 'foreign' };

const SIMPLE_NAME = /^[A-Za-z0-9_][\w.-]*$/;

/** True for an `$id` that names a type. URLs are no names. */
export function isTypeName(text: string): boolean {
  return SIMPLE_NAME.test(text);
}

/** The `$ref` of a named type in a document. */
export function refTo(name: string, inside: readonly string[] = []): string {
  return `#/${[...COMPONENTS, name, ...inside].map(escapePart).join('/')}`;
}

export function parseRef(ref: string): RefTarget {
  if (isTypeName(ref)) return { kind: 'named', name: ref, inside: [], isLocal: false };
  if (ref === '#') return { kind: 'self', inside: [] };
  if (!ref.startsWith('#/')) return { kind: 'foreign' };
  const parts = ref.slice(2).split('/').map(unescapePart);
  const [first, second, third] = parts;
  if (first === COMPONENTS[0] && second === COMPONENTS[1] && third !== undefined) {
    return { kind: 'named', name: third, inside: parts.slice(3), isLocal: false };
  }
  if (first !== undefined && LOCAL.includes(first) && second !== undefined) {
    return { kind: 'named', name: second, inside: parts.slice(2), isLocal: true };
  }
  return { kind: 'self', inside: parts };
}

function escapePart(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}

function unescapePart(part: string): string {
  let text = part;
  try {
    text = decodeURIComponent(part);
  } catch {
    // Not percent-encoded after all.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
