import { Minimatch } from 'minimatch';
import type { CompiledPattern } from './compiled-pattern.ts';
import type { StepEstimate } from './estimate-steps.ts';
import { readGlobPrefix } from './literal-prefix.ts';
import { boundMatch, prepareWithin } from './within-bounds.ts';

/**
 * A glob as Casbin reads it: minimatch without options, and of a leading `*` before a slash only the slash.
 *
 * @throws {PatternRefused}
 */
export function compileGlob(pattern: string): CompiledPattern {
  const glob = pattern.startsWith('*/') ? pattern.slice(1) : pattern;
  const compiled = prepareWithin('globMatch', pattern, () => new Minimatch(glob));
  const match = (text: string): boolean => compiled.match(text);
  return {
    prefix: readGlobPrefix(glob),
    matches: boundMatch('globMatch', pattern, estimateAll(compiled.globSet), match),
  };
}

/** Braces are written out already: each alternative is tried. */
function estimateAll(globs: readonly string[]): StepEstimate | null {
  const estimates: StepEstimate[] = [];
  for (const glob of globs) {
    const steps = estimateGlobSteps(glob);
    if (steps === null) return null;
    estimates.push(steps);
  }
  return (length) => estimates.reduce((sum, steps) => sum + steps(length), 0);
}

/** A group of plain alternatives that stands once: it costs what a star does. */
const plainGroup = /[!@?]\([^()*+?[\]{}\\/]*\)/g;

/**
 * Segments are matched one by one, so only the stars within one multiply, and every `**` but the last, which tries all
 * places. `null` for groups that repeat or hold more than plain texts, and for braces that stand for themselves.
 */
function estimateGlobSteps(glob: string): StepEstimate | null {
  const plain = glob.replace(plainGroup, '*');
  if (/[{(\\]/.test(plain)) return null;
  const segments = plain.split('/');
  const within = segments.map((segment) => (segment === '**' ? 0 : segment.split(/\*+/).length - 1));
  const across = segments.filter((segment) => segment === '**').length;
  const loops = Math.max(...within) + Math.max(0, across - 1);
  return (length) => (length + 1) ** loops * (length + glob.length);
}
