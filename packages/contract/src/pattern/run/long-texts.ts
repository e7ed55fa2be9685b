/** From so many characters on what a pattern says of a text is remembered. */
const LONG = 4096;

type TextTest = (text: string) => boolean;

interface Verdict {
  readonly text: string;
  readonly fits: boolean;
}

/** Of each pattern the last one alone: so that many texts which begin alike are not compared with each other. */
const last = new Map<TextTest, Verdict>();

/**
 * Tries a long text not again when it was the last: a value that does not fit is looked at a second time, to say why. The text is held
 * until `forgetLongTexts`.
 */
export function onceIfLong(test: TextTest): TextTest {
  return (text) => {
    if (text.length < LONG) return test(text);
    const known = last.get(test);
    if (known?.text === text) return known.fits;
    const fits = test(text);
    last.set(test, { text, fits });
    return fits;
  };
}

/** To be called at the end of a check. */
export function forgetLongTexts(): void {
  last.clear();
}
