interface Node {
  /** What stands between the node above and this one. */
  label: string;
  readonly numbers: number[];
  readonly below: Map<number, Node>;
}

/** Numbers by prefixes, looked up by a text that begins with them. */
export interface PrefixTree {
  add(prefix: string, number: number): void;
  /** The numbers of all prefixes of the text, shortest prefix first. Costs what the text's longest prefix is long. */
  find(text: string): readonly number[];
}

/** A radix tree: a chain of nodes with one child each is one label. */
export function buildPrefixTree(): PrefixTree {
  const root = makeNode('');
  return {
    add(prefix, number) {
      let node = root;
      let at = 0;
      while (at < prefix.length) {
        const code = prefix.charCodeAt(at);
        const below = node.below.get(code);
        if (below === undefined) {
          const leaf = makeNode(prefix.slice(at));
          node.below.set(code, leaf);
          node = leaf;
          break;
        }
        const shared = countShared(below.label, prefix, at);
        node = shared < below.label.length ? split(node, below, shared) : below;
        at += shared;
      }
      node.numbers.push(number);
    },
    find(text) {
      const met: (readonly number[])[] = root.numbers.length > 0 ? [root.numbers] : [];
      let at = 0;
      for (let node = root.below.get(text.charCodeAt(0)); node !== undefined;) {
        if (!text.startsWith(node.label, at)) break;
        at += node.label.length;
        if (node.numbers.length > 0) met.push(node.numbers);
        node = node.below.get(text.charCodeAt(at));
      }
      return met.length === 1 ? (met[0] ?? []) : met.flat();
    },
  };
}

const makeNode = (label: string): Node => ({ label, numbers: [], below: new Map() });

function countShared(label: string, prefix: string, at: number): number {
  let shared = 0;
  while (shared < label.length && label.charCodeAt(shared) === prefix.charCodeAt(at + shared)) shared++;
  return shared;
}

/** A node between the two, for the first `length` characters of the lower one's label. */
function split(above: Node, below: Node, length: number): Node {
  const middle = makeNode(below.label.slice(0, length));
  above.below.set(middle.label.charCodeAt(0), middle);
  below.label = below.label.slice(length);
  middle.below.set(below.label.charCodeAt(0), below);
  return middle;
}
