import { fault, type Fault } from '../checks/report.ts';
import { parseMatcher } from './parse-matcher.ts';
import { parseSections, type Definition } from './parse-sections.ts';

const effect = 'some(where (p.eft == allow)) && !some(where (p.eft == deny))';

/** The sections of a model, and what must stand in each. The matcher alone may vary, within `parseMatcher`. */
const sections: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  request_definition: { r: 'sub, obj, act, ctx' },
  policy_definition: { p: 'sub, obj, act, eft, cond' },
  role_definition: { g: '_, _', g2: '_, _' },
  policy_effect: { e: effect },
  matchers: { m: null },
};

/**
 * Reads `model.conf`.
 *
 * @param refuse Is told everything that is wrong; a model with any fault must not decide.
 * @returns The model in canonical form.
 */
export function parseModel(lines: readonly string[], refuse: (line: number, fault: Fault) => void): string {
  const found = parseSections(lines, refuse);
  for (const [name, { line }] of found) {
    if (!Object.hasOwn(sections, name)) {
      refuse(
        line,
        fault(
          'model-section',
          `[${name}] is not a section of this model.`,
          `Keep to ${Object.keys(sections).join(', ')}.`,
        ),
      );
    }
  }
  const text: string[] = [];
  for (const [name, wanted] of Object.entries(sections)) {
    const section = found.get(name);
    if (section === undefined) {
      refuse(0, fault('model-section', `There is no [${name}].`, 'Take it from the default model.'));
      continue;
    }
    for (const { key, line } of section.definitions) {
      if (!Object.hasOwn(wanted, key)) {
        refuse(
          line,
          fault(
            'model-definition',
            `[${name}] defines ${key}.`,
            `Define only ${Object.keys(wanted).join(' and ')}.`,
          ),
        );
      }
    }
    text.push(`[${name}]`);
    for (const [key, value] of Object.entries(wanted)) {
      const definition = section.definitions.find((known) => known.key === key);
      if (definition === undefined) {
        refuse(
          section.line,
          fault('model-definition', `[${name}] does not define ${key}.`, 'Take it from the default model.'),
        );
      } else {
        text.push(`${key} = ${readDefinition(definition, value, refuse)}`);
      }
    }
    text.push('');
  }
  return text.join('\n');
}

function readDefinition(
  { key, value, line }: Definition,
  wanted: string | null,
  refuse: (line: number, fault: Fault) => void,
): string {
  if (wanted === null) {
    const matcher = parseMatcher(value);
    if (typeof matcher === 'string') return matcher;
    refuse(line, matcher);
    return value;
  }
  const read =
    key === 'e'
      ? value
      : value
          .split(',')
          .map((column) => column.trim())
          .join(', ');
  if (read !== wanted) {
    const code = key === 'e' ? 'model-effect' : 'model-definition';
    refuse(
      line,
      fault(code, `${key} is not the one that is supported.`, `Write exactly: ${key} = ${wanted}`),
    );
  }
  return wanted;
}
