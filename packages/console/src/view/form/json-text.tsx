import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import { jsonText, parseJson } from '../../state/json.js';
import { TEXTS } from '../../texts.js';

interface JsonTextProps {
  readonly id: string;
  readonly label?: string | undefined;
  readonly value: unknown;
  readonly rows?: number;
  readonly problems?: readonly string[];
  readonly onChange: (value: unknown) => void;
}

/** A value as JSON to be edited. What is no JSON yet changes nothing. */
export function JsonText({
  id,
  label,
  value,
  rows = 4,
  problems = [],
  onChange,
}: JsonTextProps): JSX.Element {
  const [text, setText] = useState(() => (value === undefined ? '' : jsonText(value)));
  const [isWrong, setWrong] = useState(false);
  const change = ({ currentTarget }: TargetedEvent<HTMLTextAreaElement>): void => {
    setText(currentTarget.value);
    try {
      onChange(currentTarget.value.trim() === '' ? undefined : parseJson(currentTarget.value));
      setWrong(false);
    } catch {
      setWrong(true);
    }
  };
  const problemsId = `${id}__problems`;
  const told = isWrong ? [TEXTS.form.notJson, ...problems] : problems;
  return (
    <div class="json-text">
      {label !== undefined && <label for={id}>{label}</label>}
      <textarea
        id={id}
        rows={rows}
        spellcheck={false}
        value={text}
        aria-invalid={told.length > 0}
        aria-describedby={problemsId}
        onInput={change}
      />
      <ul id={problemsId} class="field-problems">
        {told.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </div>
  );
}
