import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { TEXTS } from '../../texts.js';

interface AskFirstProps {
  readonly onYes: () => void;
  readonly onNo: () => void;
}

/** Asked once before an operation is sent a second time. */
export function AskFirst({ onYes, onNo }: AskFirstProps): JSX.Element {
  const no = useRef<HTMLButtonElement>(null);
  useEffect(() => no.current?.focus(), []);
  return (
    <div class="bar bar-note" role="alertdialog" aria-label={TEXTS.operation.askFirst}>
      <span>{TEXTS.operation.askFirst}</span>
      <button type="button" class="main" onClick={onYes}>
        {TEXTS.operation.yesAgain}
      </button>
      <button ref={no} type="button" onClick={onNo}>
        {TEXTS.operation.no}
      </button>
    </div>
  );
}
