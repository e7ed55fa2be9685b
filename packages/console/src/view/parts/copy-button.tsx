import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { TEXTS } from '../../texts.js';

/** Puts a text on the clipboard, and says whether that worked. */
export function CopyButton({
  label,
  text,
}: {
  readonly label: string;
  readonly text: () => string;
}): JSX.Element {
  const [told, tell] = useState('');
  const copy = (): void => {
    navigator.clipboard.writeText(text()).then(
      () => tell(TEXTS.operation.copied),
      () => tell(TEXTS.operation.notCopied),
    );
  };
  return (
    <span class="with-note">
      <button type="button" class="quiet" onClick={copy}>
        {label}
      </button>
      <span role="status" class="faint">
        {told}
      </span>
    </span>
  );
}
