// Who waits in a simulated queue: the highest priority first, the oldest of equals. A binary heap, since a rush of
// thousands is simulated some dozen times for one answer.

export interface InLine {
  at: number;
  person: number;
  priority: number;
  /** Place among all that ever came. */
  age: number;
}

export class WaitingLine {
  readonly #heap: InLine[] = [];
  readonly #people = new Map<number, number>();

  get size(): number {
    return this.#heap.length;
  }

  /** How many of a person wait. */
  of(person: number): number {
    return this.#people.get(person) ?? 0;
  }

  add(one: InLine): void {
    this.#people.set(one.person, this.of(one.person) + 1);
    const heap = this.#heap;
    let at = heap.push(one) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!goesFirst(one, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = one;
  }

  /** The next one; there must be one. */
  take(): InLine {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    this.#people.set(first.person, this.of(first.person) - 1);
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && goesFirst(heap[below + 1]!, heap[below]!)) below++;
      if (!goesFirst(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return first;
  }
}

const goesFirst = (a: InLine, b: InLine): boolean =>
  a.priority !== b.priority ? a.priority > b.priority : a.age < b.age;
