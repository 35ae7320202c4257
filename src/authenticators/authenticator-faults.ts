import type { Authenticator } from './authenticator.ts';

/** What the contract asks of an authenticator and a type can't tell of somebody else's package. */
export function findAuthenticatorFaults(given: unknown, name: string): string[] {
  if (typeof given !== 'object' || given === null) return ['create gave no authenticator.'];
  const { strategy, identify, proves, form, redirect, ...rest } = given as Partial<Authenticator>;
  const faults: string[] = [];
  if (rest.name !== name) faults.push(`create gave another name than ${name}.`);
  if (typeof strategy?.authenticate !== 'function') faults.push('the strategy has no authenticate function.');
  if (typeof identify !== 'function') faults.push('identify is no function.');
  const methods: unknown = proves?.amr;
  if (
    !Array.isArray(methods) ||
    // Somebody else's place may not say how it proves people.
    (methods.length === 0 && redirect === undefined) ||
    methods.some((method) => typeof method !== 'string')
  ) {
    faults.push('proves.amr must list the methods that a success proves (RFC 8176).');
  }
  if (proves === undefined || ![1, 2, 3].includes(proves.aal)) faults.push('proves.aal must be 1, 2 or 3.');
  if (form !== undefined) faults.push(...findFormFaults(form.fields));
  if (redirect !== undefined) faults.push(...findRedirectFaults(redirect));
  if (rest.diagnose !== undefined && typeof rest.diagnose !== 'function')
    faults.push('diagnose is no function.');
  return faults;
}

const longestLabel = 60;

function findRedirectFaults(redirect: unknown): string[] {
  const { label, provision, logoutUrl } = (redirect ?? {}) as Partial<Record<string, unknown>>;
  return [
    ...(typeof label === 'string' && label.trim() !== '' && label.length <= longestLabel
      ? []
      : [`redirect.label must say in at most ${longestLabel} characters what its button is for.`]),
    ...(typeof provision === 'boolean' ? [] : ['redirect.provision must be true or false.']),
    ...(logoutUrl === undefined || typeof logoutUrl === 'function'
      ? []
      : ['redirect.logoutUrl is no function.']),
  ];
}

function findFormFaults(fields: unknown): string[] {
  if (!Array.isArray(fields) || fields.length === 0) return ['form.fields must list at least one field.'];
  const given = fields as readonly Partial<Record<string, unknown>>[];
  const names = given.map((field) => field['name']);
  const faults = given.flatMap((field) =>
    typeof field['name'] === 'string' &&
    /^[a-z][a-zA-Z0-9]{0,31}$/.test(field['name']) &&
    typeof field['label'] === 'string' &&
    typeof field['autocomplete'] === 'string' &&
    Number.isInteger(field['maxLength']) &&
    Number(field['maxLength']) > 0
      ? []
      : [
          `the form field ${JSON.stringify(field['name'])} needs a plain name, a label, autocomplete and maxLength.`,
        ],
  );
  return new Set(names).size === names.length ? faults : [...faults, 'two form fields have one name.'];
}
