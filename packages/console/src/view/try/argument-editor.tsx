import type { Issue } from '@intersect-sdk/core';
import type { JsonSchema } from '@intersect-sdk/schema/document';
import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { ArgumentCheck } from '../../state/form/argument-check.js';
import type { KnownOperation } from '../../state/requests/operation.js';
import { TEXTS } from '../../texts.js';
import { JsonText } from '../form/json-text.js';
import { SchemaForm } from '../form/schema-form.js';
import { Choice } from '../parts/choice.js';

interface ArgumentEditorProps {
  readonly request: NonNullable<KnownOperation['request']>;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  /** Undefined: it is bytes, of which a schema says nothing. */
  readonly check: ArgumentCheck | undefined;
  readonly argument: unknown;
  readonly issues: readonly Issue[];
  readonly onChange: (argument: unknown) => void;
}

type Way = 'form' | 'json';

/** The argument of a request: a form, the same as JSON, or a file. */
export function ArgumentEditor(props: ArgumentEditorProps): JSX.Element {
  const { request, definitions, check, argument, issues, onChange } = props;
  const [way, setWay] = useState<Way>('form');
  if (!check) return <FileInput contentType={request.contentType} issues={issues} onChange={onChange} />;
  const atNoField = issues.filter(({ path }) => way === 'json' || path === '');
  return (
    <>
      <div class="tools">
        <h2 class="grow">{TEXTS.operation.argument}</h2>
        <Choice
          label={TEXTS.operation.argument}
          names={['form', 'json']}
          chosen={way}
          text={(name) => (name === 'form' ? TEXTS.operation.asForm : TEXTS.operation.asJson)}
          onChoose={setWay}
        />
      </div>
      {way === 'json' ? (
        <JsonText
          id="argument-json"
          label={TEXTS.operation.json}
          rows={12}
          value={argument}
          problems={atNoField.map(({ path, message }) => `${path} ${message}`.trim())}
          onChange={onChange}
        />
      ) : (
        <SchemaForm
          schema={request.schema}
          definitions={definitions}
          check={check}
          value={argument}
          issues={issues}
          onChange={onChange}
        />
      )}
    </>
  );
}

interface FileInputProps {
  readonly contentType: string;
  readonly issues: readonly Issue[];
  readonly onChange: (bytes: Uint8Array | undefined) => void;
}

/** Bytes come from a file, and are sent as they are. */
function FileInput({ contentType, issues, onChange }: FileInputProps): JSX.Element {
  const change = async ({ currentTarget }: TargetedEvent<HTMLInputElement>): Promise<void> => {
    const file = currentTarget.files?.[0];
    onChange(file && new Uint8Array(await file.arrayBuffer()));
  };
  return (
    <>
      <label>
        {TEXTS.operation.file(contentType)}
        <input type="file" aria-invalid={issues.length > 0} onChange={(event) => void change(event)} />
      </label>
      <ul class="field-problems">
        {issues.map(({ message }) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </>
  );
}
