// A whole number of 16 digits or more where a value begins. Fractions and exponents are no whole numbers.
const LONG_WHOLE_NUMBER = /[[:,\s]-?([1-9]\d{15,})(?![\d.eE])/g;
const AT_START = /^-?([1-9]\d{15,})\s*$/;
const TEXTS = /"(?:[^"\\]|\\.)*"/gs;

/**
 * Whether a JSON text has a whole number that is another one as a number of JavaScript, which has 53 bits: 9007199254740993
 * becomes 9007199254740992. For a text that was found to be JSON; costs a fraction of parsing it.
 */
export function losesDigits(text: string): boolean {
  if (isChanged(AT_START.exec(text)?.[1])) return true;
  if (text.search(LONG_WHOLE_NUMBER) === -1) return false;
  // What looks like it may stand in a text.
  const withoutTexts = text.replaceAll(TEXTS, '""');
  return [...withoutTexts.matchAll(LONG_WHOLE_NUMBER)].some(([, digits]) => isChanged(digits));
}

function isChanged(digits: string | undefined): boolean {
  if (digits === undefined) return false;
  // Beyond this a double has no digits at all; and a BigInt of so many takes long.
  return digits.length > 400 || BigInt(Number(digits)) !== BigInt(digits);
}
