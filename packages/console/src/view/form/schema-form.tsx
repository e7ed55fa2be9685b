import type { Issue } from '@intersect-sdk/core';
import type { JsonSchema } from '@intersect-sdk/schema/document';
import type { RJSFSchema } from '@rjsf/utils';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { ArgumentCheck } from '../../state/form/argument-check.js';
import { formSchemaOf } from '../../state/form/form-schema.js';
import { errorsAtFields, formValidatorOf, plain } from '../../state/form/form-validator.js';
import { AnyOfField } from './any-of-field.js';
import { Form } from './library.js';
import { SwitchableField } from './switchable-field.js';
import { TEMPLATES } from './templates.js';
import { WIDGETS } from './widgets.js';

interface SchemaFormProps {
  readonly schema: JsonSchema;
  readonly definitions: Readonly<Record<string, JsonSchema>>;
  readonly check: ArgumentCheck;
  readonly value: unknown;
  /** Problems to show at their fields: of the check, or of the service's answer. */
  readonly issues: readonly Issue[];
  readonly onChange: (value: unknown) => void;
}

const FIELDS = { AnyOfField, OneOfField: AnyOfField, SchemaField: SwitchableField };
const NO_BUTTON = { 'ui:submitButtonOptions': { norender: true } };

/** The form of an argument, drawn from its schema. It sends nothing: whoever shows it does. */
export function SchemaForm(props: SchemaFormProps): JSX.Element {
  const { schema, definitions, check, value, issues, onChange } = props;
  const drawn = useMemo(() => formSchemaOf(schema, definitions) as RJSFSchema, [schema, definitions]);
  const validator = useMemo(() => formValidatorOf(check), [check]);
  const extraErrors = useMemo(() => errorsAtFields(issues), [issues]);
  return (
    <Form
      tagName="div"
      schema={drawn}
      uiSchema={NO_BUTTON}
      formData={value}
      validator={validator}
      extraErrors={extraErrors}
      fields={FIELDS}
      widgets={WIDGETS}
      templates={TEMPLATES}
      idPrefix="argument"
      noHtml5Validate
      noValidate
      showErrorList={false}
      onChange={({ formData }: { formData?: unknown }) => onChange(plain(formData))}
    />
  );
}
