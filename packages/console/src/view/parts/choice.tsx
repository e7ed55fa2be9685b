import type { JSX } from 'preact';

interface ChoiceProps<Name extends string> {
  readonly label: string;
  readonly names: readonly Name[];
  readonly chosen: Name;
  readonly text: (name: Name) => string;
  readonly onChoose: (name: Name) => void;
}

/** A few ways to look at something, of which one is taken. */
export function Choice<Name extends string>({
  label,
  names,
  chosen,
  text,
  onChoose,
}: ChoiceProps<Name>): JSX.Element {
  return (
    <fieldset class="choice">
      <legend class="hidden">{label}</legend>
      {names.map((name) => (
        <button key={name} type="button" aria-pressed={name === chosen} onClick={() => onChoose(name)}>
          {text(name)}
        </button>
      ))}
    </fieldset>
  );
}
