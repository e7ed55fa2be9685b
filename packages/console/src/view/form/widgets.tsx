import type { WidgetProps } from '@rjsf/utils';
import type { JSX } from 'preact';
import { FORM_FORMATS } from '../../state/form/form-schema.js';
import { jsonText } from '../../state/json.js';
import { JsonText } from './json-text.js';

/** Anything: JSON as it is written. */
function JsonWidget({ id, value, onChange }: WidgetProps): JSX.Element {
  return <JsonText id={id} value={value} onChange={onChange} />;
}

/** The one value that it can have. */
function ConstWidget({ id, schema }: WidgetProps): JSX.Element {
  return (
    <output id={id} class="const">
      {typeof schema.const === 'string' ? schema.const : jsonText(schema.const)}
    </output>
  );
}

export const WIDGETS = { [FORM_FORMATS.json]: JsonWidget, [FORM_FORMATS.const]: ConstWidget };
