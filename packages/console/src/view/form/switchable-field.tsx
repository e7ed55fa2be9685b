import type { FieldProps } from '@rjsf/utils';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { FORM_FORMATS } from '../../state/form/form-schema.js';
import { TEXTS } from '../../texts.js';
import { JsonText } from './json-text.js';
import { libraryFields } from './library.js';

const { SchemaField } = libraryFields;

const ALREADY = new Set<unknown>([FORM_FORMATS.json, FORM_FORMATS.const]);

/** A field that can also be written as JSON. The root has the switch of the whole form. */
export function SwitchableField(props: FieldProps): JSX.Element {
  const { schema, fieldPathId, formData, onChange, name, rawErrors = [] } = props;
  const [isJson, setJson] = useState(false);
  // The root has the switch of the whole form, and what takes anything is JSON already.
  if (fieldPathId.path.length === 0 || ALREADY.has(schema.format)) return <SchemaField {...props} />;
  const label = schema.title ?? name ?? '';
  return (
    <div class="switchable">
      <button
        type="button"
        class="quiet small"
        aria-pressed={isJson}
        aria-label={isJson ? TEXTS.form.asFields(label) : TEXTS.form.asJson(label)}
        onClick={() => setJson(!isJson)}
      >
        {isJson ? TEXTS.form.fields : TEXTS.form.json}
      </button>
      {isJson ? (
        <JsonText
          id={`${fieldPathId.$id}__json`}
          label={TEXTS.form.asJson(label)}
          value={formData}
          problems={rawErrors}
          onChange={(value) => onChange(value, fieldPathId.path)}
        />
      ) : (
        <SchemaField {...props} />
      )}
    </div>
  );
}
