// What is used of the form library, with types that Preact has: its own are those of React.
import LibraryForm, { type FormProps, getDefaultRegistry } from '@rjsf/core';
import type { ArrayFieldItemButtonsTemplateProps, BaseInputTemplateProps, FieldProps } from '@rjsf/utils';
import type { JSX } from 'preact';

export type Drawn<Props> = (props: Props) => JSX.Element;

interface LibraryFields {
  readonly SchemaField: Drawn<FieldProps>;
  readonly AnyOfField: Drawn<FieldProps>;
}

interface LibraryTemplates {
  readonly BaseInputTemplate: Drawn<BaseInputTemplateProps & { readonly 'aria-invalid': boolean }>;
  readonly ArrayFieldItemButtonsTemplate: Drawn<ArrayFieldItemButtonsTemplateProps>;
}

const { fields, templates } = getDefaultRegistry();

export const Form = LibraryForm as unknown as Drawn<FormProps>;
export const libraryFields = fields as unknown as LibraryFields;
export const libraryTemplates = templates as unknown as LibraryTemplates;
