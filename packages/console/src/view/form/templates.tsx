import type {
  ArrayFieldItemTemplateProps,
  BaseInputTemplateProps,
  FieldErrorProps,
  IconButtonProps,
  MultiSchemaFieldTemplateProps,
  WrapIfAdditionalTemplateProps,
} from '@rjsf/utils';
import { ADDITIONAL_PROPERTY_FLAG, errorId } from '@rjsf/utils';
import type { JSX } from 'preact';
import { TEXTS } from '../../texts.js';
import { libraryTemplates } from './library.js';

const { BaseInputTemplate, ArrayFieldItemButtonsTemplate } = libraryTemplates;

/** Also says that what is in it is wrong. */
function InputTemplate(props: BaseInputTemplateProps): JSX.Element {
  const { rawErrors = [] } = props;
  return <BaseInputTemplate {...props} aria-invalid={rawErrors.length > 0} />;
}

function FieldErrorTemplate({ errors = [], fieldPathId }: FieldErrorProps): JSX.Element | null {
  if (errors.length === 0) return null;
  return (
    <ul id={errorId(fieldPathId)} class="field-problems">
      {errors.map((error, index) => (
        <li key={index}>{error as JSX.Element | string}</li>
      ))}
    </ul>
  );
}

function MultiSchemaFieldTemplate({
  selector,
  optionSchemaField,
  schema,
}: MultiSchemaFieldTemplateProps): JSX.Element {
  return (
    <div class="union">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the control is the selector that is given. */}
      <label>
        {TEXTS.form.kindOf(schema.title ?? TEXTS.form.value)} {selector as JSX.Element}
      </label>
      {optionSchemaField as JSX.Element}
    </div>
  );
}

function ArrayFieldItemTemplate({ children, buttonsProps, hasToolbar }: ArrayFieldItemTemplateProps) {
  return (
    <div class="item">
      <div class="grow">{children as JSX.Element}</div>
      {hasToolbar && (
        <div class="item-buttons">
          <ArrayFieldItemButtonsTemplate {...buttonsProps} />
        </div>
      )}
    </div>
  );
}

/** A field of a map has a name that can be changed, and can be removed. */
function WrapIfAdditionalTemplate(props: WrapIfAdditionalTemplateProps): JSX.Element {
  const { id, schema, label, classNames = '', children, onKeyRenameBlur, onRemoveProperty } = props;
  if (!(ADDITIONAL_PROPERTY_FLAG in schema))
    return <div class={`field-box ${classNames}`}>{children as JSX.Element}</div>;
  return (
    <div class={`map-field ${classNames}`}>
      <div>
        <label for={`${id}-key`}>{TEXTS.form.key(label)}</label>
        <input id={`${id}-key`} key={label} type="text" defaultValue={label} onBlur={onKeyRenameBlur} />
      </div>
      <div class="grow">{children as JSX.Element}</div>
      <button type="button" class="quiet small" onClick={onRemoveProperty}>
        {TEXTS.form.remove}
      </button>
    </div>
  );
}

/** The library's own buttons have pictures of a font that is not there. */
function buttonOf(text: string): (props: IconButtonProps) => JSX.Element {
  return ({ id, disabled, onClick }) => (
    <button id={id} type="button" class="quiet small" disabled={disabled} onClick={onClick}>
      {text}
    </button>
  );
}

export const TEMPLATES = {
  BaseInputTemplate: InputTemplate,
  FieldErrorTemplate,
  MultiSchemaFieldTemplate,
  ArrayFieldItemTemplate,
  WrapIfAdditionalTemplate,
  ButtonTemplates: {
    AddButton: buttonOf(TEXTS.form.add),
    RemoveButton: buttonOf(TEXTS.form.remove),
    MoveUpButton: buttonOf(TEXTS.form.up),
    MoveDownButton: buttonOf(TEXTS.form.down),
    CopyButton: buttonOf(TEXTS.form.copy),
    ClearButton: buttonOf(TEXTS.form.clear),
  },
};
