import { STAR, VARIABLE, type Segment } from './plain-segments.ts';

interface Node {
  readonly literals: Map<string, Node>;
  variable: Node | null;
  star: Node | null;
  /** The numbers of the patterns that end here. */
  readonly numbers: number[];
}

/** Many plain patterns by their segments. */
export interface SegmentTrie {
  add(segments: readonly Segment[], number: number): void;
  /** The numbers of the patterns that match, in no order; `null` when that would take too many steps. */
  find(text: string): readonly number[] | null;
}

/** Some 4 ms. */
const MOST_STEPS = 250_000;
const lineEnd = /[\n\r\u2028\u2029]/;

/**
 * All patterns are followed at once, so nothing is ever gone back to: `here` are the places that end with this segment,
 * `stars` the stars that may go on.
 */
export function buildSegmentTrie(): SegmentTrie {
  const root = makeNode();
  let hasStars = false;
  return {
    add(segments, number) {
      let node = root;
      hasStars ||= segments.includes(STAR);
      for (const segment of segments) node = childOf(node, segment);
      node.numbers.push(number);
    },
    find(text) {
      if (!hasStars) return findWithoutStars(root, text);
      const broken = lineEnd.test(text);
      const stars = new Set<Node>();
      let here: Node[] = [root];
      let steps = 0;
      for (let start = 0; start <= text.length;) {
        const slash = text.indexOf('/', start);
        const end = slash === -1 ? text.length : slash;
        const segment = text.slice(start, end);
        const next: Node[] = [];
        const begun: Node[] = [];
        for (const node of here) follow(node, segment, next, begun);
        for (const node of stars) follow(node, segment, next, begun);
        steps += 1 + here.length + stars.size;
        if (steps > MOST_STEPS) return null;
        if (broken && lineEnd.test(segment)) stars.clear();
        else for (const star of begun) stars.add(star);
        here = next;
        if (here.length === 0 && !broken && areLast(stars)) break;
        start = end + 1;
      }
      return numbersOf(here, stars);
    },
  };
}

/** The same where no pattern has a star: nothing goes on beside the segments. */
function findWithoutStars(root: Node, text: string): readonly number[] | null {
  let here: Node[] = [root];
  let steps = 0;
  for (let start = 0; here.length > 0 && start <= text.length;) {
    const slash = text.indexOf('/', start);
    const end = slash === -1 ? text.length : slash;
    const segment = text.slice(start, end);
    const next: Node[] = [];
    for (let at = 0; at < here.length; at += 1) {
      const { literals, variable } = here[at] as Node;
      const literal = literals.get(segment);
      if (literal !== undefined) next.push(literal);
      if (variable !== null && end > start) next.push(variable);
    }
    steps += 1 + here.length;
    if (steps > MOST_STEPS) return null;
    here = next;
    start = end + 1;
  }
  if (here.length === 0) return none;
  return here.length === 1 ? (here[0] as Node).numbers : here.flatMap(({ numbers }) => numbers);
}

const makeNode = (): Node => ({ literals: new Map(), variable: null, star: null, numbers: [] });

function childOf(node: Node, segment: Segment): Node {
  if (segment === VARIABLE) return (node.variable ??= makeNode());
  if (segment === STAR) return (node.star ??= makeNode());
  const known = node.literals.get(segment);
  if (known !== undefined) return known;
  const child = makeNode();
  node.literals.set(segment, child);
  return child;
}

function follow(node: Node, segment: string, next: Node[], begun: Node[]): void {
  const literal = node.literals.get(segment);
  if (literal !== undefined) next.push(literal);
  if (node.variable !== null && segment !== '') next.push(node.variable);
  if (node.star !== null) begun.push(node.star);
}

/** Whether no star has anything behind it: then the rest of the text changes nothing. */
function areLast(stars: ReadonlySet<Node>): boolean {
  for (const { literals, variable, star } of stars) {
    if (literals.size > 0 || variable !== null || star !== null) return false;
  }
  return true;
}

const none: readonly number[] = [];

function numbersOf(here: readonly Node[], stars: ReadonlySet<Node>): readonly number[] {
  const [only] = here;
  if (stars.size === 0 && here.length <= 1) return only?.numbers ?? none;
  return [...here, ...stars].flatMap(({ numbers }) => numbers);
}
