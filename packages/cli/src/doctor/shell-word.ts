/** A word of a command, as a shell takes it for one word whatever is in it: names at a broker can be chosen by anybody. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
