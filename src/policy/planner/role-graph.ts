import { Dictionary } from './dictionary.ts';
import { EdgeList } from './edge-list.ts';

/** Stock's own default domain, and the most steps that it follows a chain of roles. */
const defaultDomain = 'casbin::default';
const longestChain = 10;

export interface Link {
  readonly member: string;
  readonly role: string;
  /** `null`: the default domain. */
  readonly domain: string | null;
}

const pageBits = 10;
const pageSize = 1 << pageBits;

/** Names and their roles above them, as numbers; what has changed since it was built stands in pages of its own. */
type Pages = readonly (readonly (Int32Array | undefined)[] | undefined)[];

/** A name in a domain. Grows only: a graph that was made from this one shares it. */
class Nodes {
  readonly names = new Dictionary();
  readonly #domains = new Map<string, Map<number, number>>();
  readonly #nameOf: number[] = [];

  find(name: string, domain: string): number | undefined {
    const place = this.names.find(name);
    return place === undefined ? undefined : this.#domains.get(domain)?.get(place);
  }

  node(name: string, domain: string): number {
    let nodes = this.#domains.get(domain);
    if (nodes === undefined) {
      nodes = new Map();
      this.#domains.set(domain, nodes);
    }
    const place = this.names.place(name);
    const known = nodes.get(place);
    if (known !== undefined) return known;
    const node = this.#nameOf.push(place) - 1;
    nodes.set(place, node);
    return node;
  }

  nameOf(node: number): string {
    return this.names.text(this.#nameOf[node] ?? -1);
  }
}

/** Who has which role, and what follows from that: at most ten steps up, as stock goes. Immutable, but for names it met. */
export class RoleGraph {
  readonly #nodes: Nodes;
  readonly #edges: EdgeList;
  readonly #pages: Pages;

  constructor(nodes: Nodes, edges: EdgeList, pages: Pages) {
    this.#nodes = nodes;
    this.#edges = edges;
    this.#pages = pages;
  }

  /** The name itself, and every role above it, nearest first. */
  readonly reach = (name: string, domain: string | null): readonly string[] => {
    const start = this.#nodes.find(name, domain ?? defaultDomain);
    return start === undefined ? [name] : this.#climb(start).map((node) => this.#nodes.nameOf(node));
  };

  /** Stock's `g(name, role)`: everybody has their own name. */
  readonly hasLink = (name: string, role: string, domain: string | null): boolean => {
    if (name === role) return true;
    const start = this.#nodes.find(name, domain ?? defaultDomain);
    const end = this.#nodes.find(role, domain ?? defaultDomain);
    return start !== undefined && end !== undefined && this.#climb(start).includes(end);
  };

  /** Another graph with these links more, or less; this one stays as it is. */
  with(added: readonly Link[], removed: readonly Link[]): RoleGraph {
    const pages = [...this.#pages];
    const owned = new Map<number, (Int32Array | undefined)[]>();
    const change = (node: number, roles: Int32Array): void => {
      const page = node >>> pageBits;
      const slots = owned.get(page) ?? [...(pages[page] ?? [])];
      owned.set(page, slots);
      slots[node & (pageSize - 1)] = roles;
      pages[page] = slots;
    };
    const changed = new Map<number, Set<number>>();
    const rolesOf = (node: number): Set<number> => {
      const roles =
        changed.get(node) ??
        new Set(pages[node >>> pageBits]?.[node & (pageSize - 1)] ?? this.#edges.of(node));
      changed.set(node, roles);
      return roles;
    };
    for (const { member, role, domain } of removed) {
      const from = this.#nodes.find(member, domain ?? defaultDomain);
      const to = this.#nodes.find(role, domain ?? defaultDomain);
      if (from !== undefined && to !== undefined) rolesOf(from).delete(to);
    }
    for (const { member, role, domain } of added) {
      const from = this.#nodes.node(member, domain ?? defaultDomain);
      const to = this.#nodes.node(role, domain ?? defaultDomain);
      rolesOf(from).add(to);
    }
    for (const [node, roles] of changed) change(node, Int32Array.from(roles));
    return new RoleGraph(this.#nodes, this.#edges, pages);
  }

  /** Every node that is reached, nearest first. */
  #climb(start: number): readonly number[] {
    const reached = [start];
    // A list is looked through faster than a set is made; long ones get one.
    let seen: Set<number> | null = null;
    let next = 0;
    for (let step = 0; step < longestChain && next < reached.length; step += 1) {
      for (const end = reached.length; next < end; next += 1) {
        const node = reached[next] ?? start;
        const roles = this.#pages[node >>> pageBits]?.[node & (pageSize - 1)] ?? this.#edges.of(node);
        for (let at = 0; at < roles.length; at += 1) {
          const role = roles[at] ?? start;
          if (seen === null ? reached.includes(role) : seen.has(role)) continue;
          reached.push(role);
          seen?.add(role);
          if (seen === null && reached.length > 32) seen = new Set(reached);
        }
      }
    }
    return reached;
  }
}

/** Takes links one by one, then makes the graph of them. */
export class RoleGraphBuilder {
  readonly #nodes = new Nodes();
  readonly #edges = new EdgeList();

  add({ member, role, domain }: Link): void {
    this.#edges.add(
      this.#nodes.node(member, domain ?? defaultDomain),
      this.#nodes.node(role, domain ?? defaultDomain),
    );
  }

  /** Iterates while it works, so that whoever drives it may pause. */
  *build(): Generator<undefined, RoleGraph> {
    yield* this.#edges.sort();
    return new RoleGraph(this.#nodes, this.#edges, []);
  }
}
