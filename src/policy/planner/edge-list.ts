/** How many edges are gone through before whoever drives it may pause. */
const piece = 50_000;

/** Edges between numbers, 4 bytes for each end: lists of numbers take ten times as much. */
export class EdgeList {
  #from = new Int32Array(1_024);
  #to = new Int32Array(1_024);
  #count = 0;
  #offsets = new Int32Array(1);

  add(from: number, to: number): void {
    if (this.#count === this.#from.length) {
      this.#from = grown(this.#from);
      this.#to = grown(this.#to);
    }
    this.#from[this.#count] = from;
    this.#to[this.#count] = to;
    this.#count += 1;
  }

  /** Puts edges of one beginning together; to be done once, when all are there. */
  *sort(): Generator<undefined, void> {
    let nodes = 0;
    for (let at = 0; at < this.#count; at += 1) nodes = Math.max(nodes, (this.#from[at] ?? 0) + 1);
    yield;
    const offsets = new Int32Array(nodes + 1);
    for (let at = 0; at < this.#count; at += 1) {
      const from = (this.#from[at] ?? 0) + 1;
      offsets[from] = (offsets[from] ?? 0) + 1;
      if (at % piece === 0) yield;
    }
    for (let node = 0; node < nodes; node += 1)
      offsets[node + 1] = (offsets[node + 1] ?? 0) + (offsets[node] ?? 0);
    yield;
    const next = offsets.slice();
    const sorted = new Int32Array(this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      const from = this.#from[at] ?? 0;
      const place = next[from] ?? 0;
      next[from] = place + 1;
      sorted[place] = this.#to[at] ?? 0;
      if (at % piece === 0) yield;
    }
    this.#offsets = offsets;
    this.#to = sorted;
    this.#from = new Int32Array(0);
  }

  /** What the edges of one lead to. */
  of(from: number): Int32Array {
    const end = this.#offsets[from + 1];
    return end === undefined ? none : this.#to.subarray(this.#offsets[from], end);
  }
}

const none = new Int32Array(0);

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
