import type { FieldProps } from '@rjsf/utils';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { TEXTS } from '../../texts.js';
import { JsonText } from './json-text.js';
import { libraryFields } from './library.js';

const { SchemaField } = libraryFields;

const PLAIN_TYPES = new Set(['string', 'number', 'integer', 'boolean', 'null']);

/** A field that can also be written as JSON, where that is more than its own box. The root has the switch of the whole form. */
export function SwitchableField(props: FieldProps): JSX.Element {
  const { schema, fieldPathId, formData, onChange, name, rawErrors = [] } = props;
  const [isJson, setJson] = useState(false);
  const isPlain = typeof schema.type === 'string' && PLAIN_TYPES.has(schema.type);
  if (isPlain || fieldPathId.path.length === 0) return <SchemaField {...props} />;
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
