import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { TEXTS } from '../../texts.js';

/** Keeps the request under a name. */
export function SaveRequest({ onSave }: { readonly onSave: (name: string) => void }): JSX.Element {
  const [name, setName] = useState('');
  const [told, tell] = useState('');
  const save = (): void => {
    try {
      onSave(name.trim());
      setName('');
      tell(TEXTS.operation.saved);
    } catch {
      tell(TEXTS.operation.notSaved);
    }
  };
  return (
    <span class="with-note">
      <label class="inline">
        <span class="hidden">{TEXTS.operation.saveAs}</span>
        <input
          value={name}
          placeholder={TEXTS.operation.saveAs}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
      </label>
      <button type="button" class="quiet" disabled={name.trim() === ''} onClick={save}>
        {TEXTS.operation.save}
      </button>
      <span role="status" class="faint">
        {told}
      </span>
    </span>
  );
}
