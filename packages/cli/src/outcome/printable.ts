/** Text that came from elsewhere, without what would move the cursor or colour the terminal; lines and tabs stay. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\ufffd');
}
