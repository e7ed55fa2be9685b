import type { FieldProps, RJSFSchema } from '@rjsf/utils';
import type { JSX, TargetedEvent } from 'preact';
import { TEXTS } from '../../texts.js';
import { libraryFields } from './library.js';

const { AnyOfField: Union, SchemaField: Single } = libraryFields;

/** Its label stands above the check box already. */
const WITHOUT_LABEL = { 'ui:label': false };

/** A union. Where one of its forms is null that is a check box, and no form that makes the field disappear. */
export function AnyOfField(props: FieldProps): JSX.Element {
  const { schema, formData, onChange, fieldPathId, registry, name } = props;
  const options = (props.options ?? []) as readonly RJSFSchema[];
  const forms = options.filter(({ type }) => type !== 'null');
  if (forms.length === options.length) return <Union {...props} />;
  const { anyOf: _any, oneOf: _one, default: given, ...base } = schema;
  const [only] = forms;
  const id = `${fieldPathId.$id}__null`;
  const isOne = forms.length === 1;
  const Inner = isOne ? Single : Union;
  const inner: RJSFSchema = {
    ...base,
    ...(isOne ? { ...only, title: schema.title ?? only?.title ?? '' } : { anyOf: [...forms] }),
    ...(given !== null && given !== undefined && { default: given }),
  };
  const change = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    const value = currentTarget.checked ? null : registry.schemaUtils.getDefaultFormState(inner, undefined);
    onChange(value, fieldPathId.path);
  };
  const label = schema.title ?? name ?? '';
  return (
    <div class="nullable">
      <label class="check" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={formData === null}
          aria-label={TEXTS.form.noValueOf(label || TEXTS.form.value)}
          onChange={change}
        />
        {TEXTS.form.noValue}
      </label>
      {formData !== null && (
        <Inner
          {...props}
          schema={inner}
          options={forms}
          uiSchema={isOne ? WITHOUT_LABEL : (props.uiSchema ?? {})}
        />
      )}
    </div>
  );
}
