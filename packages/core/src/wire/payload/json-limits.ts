const [ZERO, NINE, LARGE_E, SMALL_E] = [0x30, 0x39, 0x45, 0x65];
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** What a field counts beside the comma behind it: to read and look at fields takes about 8 times as long as items of lists. */
const FIELD_WEIGHT = 7;

export interface JsonLimits {
  readonly maxDepth: number;
  readonly maxMembers: number;
}

/** What a JSON text is like, before it is parsed. */
export interface JsonLook {
  /** What it has too much of, as the end of a sentence. */
  readonly excess?: string;
  /** Whether there may be a number beyond 2^53. */
  readonly mayHaveBigNumbers: boolean;
}

/** The least digits of a whole number beyond 2^53. */
export const LEAST_BIG_DIGITS = 16;

/**
 * Looks at a JSON text before it is parsed: to parse millions of levels or fields takes seconds, and all the memory that they
 * take. Texts in it are skipped.
 */
export function lookAtJson(json: string, { maxDepth, maxMembers }: JsonLimits): JsonLook {
  if (json.length <= maxDepth && json.length * FIELD_WEIGHT <= maxMembers) return { mayHaveBigNumbers: true };
  let depth = 0;
  let members = 0;
  let begin = 0;
  let mayHaveBigNumbers = false;
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    // What numbers are made of.
    if (unit > COMMA && unit < COLON) continue;
    if (unit === QUOTE) at = endOfString(json, at);
    else if (unit === COMMA) members += 1;
    else if (unit === COLON) members += FIELD_WEIGHT;
    else if (unit === OPEN_LIST || unit === OPEN_OBJECT) {
      depth += 1;
      members += 1;
      if (depth > maxDepth) return { excess: `is nested deeper than ${maxDepth} levels`, mayHaveBigNumbers };
    } else if (unit === CLOSE_LIST || unit === CLOSE_OBJECT) depth -= 1;
    else {
      if (unit === SMALL_E || unit === LARGE_E) mayHaveBigNumbers ||= isDigit(json.charCodeAt(at - 1));
      continue;
    }
    if (at - begin >= LEAST_BIG_DIGITS && unit !== QUOTE) mayHaveBigNumbers = true;
    begin = at + 1;
  }
  if (json.length - begin >= LEAST_BIG_DIGITS) mayHaveBigNumbers = true;
  if (members <= maxMembers) return { mayHaveBigNumbers };
  const fields = Math.floor(maxMembers / (FIELD_WEIGHT + 1));
  const excess = `has too many members: more than ${maxMembers} items of lists, or ${fields} fields`;
  return { excess, mayHaveBigNumbers };
}

export function isDigit(unit: number): boolean {
  return unit >= ZERO && unit <= NINE;
}

/** Where the string that begins here ends; the end of the text where it doesn't. */
export function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); end !== -1; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return json.length;
}
