import type { Check } from '../check.ts';
import { good, problem, warning } from '../verdict.ts';

export const configuration: Check = {
  name: 'configuration',
  title: 'Configuration',
  reason: 'A server with a fault in its settings does not start; everything below follows from them.',
  needs: [],
  inspect({ config, settings }) {
    const { file, variables, faults, unknown } = config;
    const from = [
      ...(file === null ? [] : [file]),
      ...(variables.length === 0 ? [] : [`the environment (${variables.join(', ')})`]),
    ];
    const source =
      from.length === 0 ? 'every setting is at its default' : `settings come from ${from.join(' and ')}`;
    const mode = unknown.has('mode') ? 'The mode is not known' : `The mode is ${settings.mode}`;
    const { idle, absolute } = settings.sessions;
    return [
      ...faults.map((fault) => problem(fault, null)),
      good(`${mode}; ${source}.`),
      ...(idle > absolute
        ? [
            warning(
              'sessions.idle is longer than sessions.absolute: the shorter one ends every session.',
              'Let idle be the shorter one.',
            ),
          ]
        : []),
    ];
  },
};
