import type { Check } from '../check.ts';
import { good, problem } from '../verdict.ts';

/** package.json, `engines`. */
const least = [20, 19] as const;

export const runtime: Check = {
  name: 'runtime',
  title: 'Node',
  reason: 'On an older Node the packages do what nobody has tested.',
  needs: [],
  inspect() {
    const { node } = process.versions;
    const [major = 0, minor = 0] = node.split('.').map(Number);
    const recent = major > least[0] || (major === least[0] && minor >= least[1]);
    return [
      recent
        ? good(`Node ${node}.`)
        : problem(`Node ${node} is too old.`, `Install ${least.join('.')} or newer.`),
    ];
  },
};
