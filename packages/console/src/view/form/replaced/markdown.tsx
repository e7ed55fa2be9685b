import type { ComponentChildren, JSX } from 'preact';

/** Stands where the form library draws Markdown: the text as it is. */
export function Markdown({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <span>{children}</span>;
}
