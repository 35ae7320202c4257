import { tokenField } from '../form-token.ts';
import { renderAlert } from './alert.ts';
import { type Html, html } from './html.ts';

export interface PageField {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  /** The HTML autocomplete token. */
  readonly autocomplete: string;
  /** A sentence below the label. */
  readonly hint?: string;
  /** What was typed before; never a password. */
  readonly value?: string;
  readonly required: boolean;
}

export interface PageForm {
  readonly action: string;
  readonly submit: string;
  readonly fields: readonly PageField[];
  /** Besides the CSRF token. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly token: string;
  /** Why the form is shown again. */
  readonly error: string | null;
  /** Whether the first field takes the focus, where there is no error; `true` where nothing is said. */
  readonly focus?: boolean;
}

const errorId = 'form-error';

/** A form that works without a script: an error is announced, takes the focus, and is tied to every field. */
export const renderForm = (form: PageForm): Html =>
  html`${form.error === null ? null : renderAlert(form.error, errorId)}
    <form method="post" action="${form.action}">
      <input type="hidden" name="${tokenField}" value="${form.token}" />
      ${Object.entries(form.hidden).map(
        ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
      )}
      ${form.fields.map((field, index) => renderField(field, form.error !== null, index === 0 && form.error === null && form.focus !== false))}
      <button type="submit">${form.submit}</button>
    </form>`;

function renderField(field: PageField, failed: boolean, first: boolean): Html {
  const id = `field-${field.name}`;
  const hintId = `${id}-hint`;
  const describedBy = [...(field.hint === undefined ? [] : [hintId]), ...(failed ? [errorId] : [])].join(' ');
  return html`<div class="field">
    <label for="${id}">${field.label}</label>
    ${field.hint === undefined ? null : html`<p class="hint" id="${hintId}">${field.hint}</p>`}
    <input
      id="${id}"
      name="${field.name}"
      type="${field.type}"
      value="${field.type === 'password' ? '' : (field.value ?? '')}"
      autocomplete="${field.autocomplete}"
      autocapitalize="none"
      spellcheck="false"
      ${describedBy === '' ? null : html`aria-describedby="${describedBy}"`}
      ${failed ? html`aria-invalid="true"` : null}
      ${field.required ? html`required` : null}
      ${first ? html`autofocus` : null}
    />
  </div>`;
}
