// What a module can't declare, and what it must be able to name.
const TAKEN = [
  ...'break case catch class const continue debugger default delete do else enum export extends false finally for'.split(
    ' ',
  ),
  ...'function if import in instanceof new null return super switch this throw true try typeof var void while with'.split(
    ' ',
  ),
  ...'implements interface let package private protected public static yield await async arguments eval'.split(
    ' ',
  ),
  ...'any bigint boolean never number object string symbol undefined unknown type declare namespace module'.split(
    ' ',
  ),
  ...'abstract as asserts assert infer is keyof readonly require global unique accessor satisfies out using'.split(
    ' ',
  ),
  ...['Uint8Array', 'CapabilityDefinition', 'defineCapability', 'address', 'document', 'definitions'],
  'schemaDocument',
];

/** Gives each thing of a module a name of its own; the same things in the same order always get the same names. */
export class Names {
  readonly #taken = new Set(TAKEN);

  /** The name that is wanted, as far as it can be one and is not taken; else one like it. */
  take(wanted: string): string {
    const plain = identifier(wanted);
    let name = plain;
    for (let number = 2; this.#taken.has(name); number++)
      name = `${plain}${/\d$/.test(plain) ? '_' : ''}${number}`;
    this.#taken.add(name);
    return name;
  }
}

/** `Box[int]` -> `BoxInt`. */
function identifier(text: string): string {
  const joined = text.replaceAll(
    /[^A-Za-z0-9_$]+(.)?/g,
    (_all, next: string | undefined) => next?.toUpperCase() ?? '',
  );
  const name = joined.replaceAll(/[^A-Za-z0-9_$]/g, '');
  return /^[A-Za-z_$]/.test(name) ? name : `_${name}`;
}
