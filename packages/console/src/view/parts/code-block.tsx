import type { JSX } from 'preact';

/** A long text that scrolls, also by the keyboard. */
export function CodeBlock({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  return (
    <section class="scroll document" tabIndex={0} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}
