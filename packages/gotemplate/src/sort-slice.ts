/** Stretches up to this length are sorted by insertion. */
const longestInsertion = 12;
/** Stretches from this length on take their pivot from nine items instead of three. */
const shortestNinther = 50;
/** Exchanges while a pivot is chosen that tell of a falling stretch: four medians of three items, all the wrong way round. */
const mostExchanges = 12;

type Hint = "rising" | "falling" | "unknown";

/**
 * Sorts `items` in place as `sort.Slice` of Go 1.26 does (sort/zsortfunc.go, pattern-defeating quicksort): equal items come in the order in
 * which Go leaves them, which from 13 items on is not the order in which they came.
 */
export function sortSlice<T>(items: T[], less: (a: T, b: T) => boolean): void {
  new SliceSort(items, less).sort(0, items.length, bitLength(items.length));
}

function bitLength(value: number): number {
  return value === 0 ? 0 : 32 - Math.clz32(value);
}

class SliceSort<T> {
  readonly #items: T[];
  readonly #compare: (a: T, b: T) => boolean;

  constructor(items: T[], less: (a: T, b: T) => boolean) {
    this.#items = items;
    this.#compare = less;
  }

  /** Sorts from `from` to before `to`; after `limit` bad pivots it gives up on quicksort. */
  sort(from: number, to: number, limit: number): void {
    let wasBalanced = true;
    let wasPartitioned = true;
    for (;;) {
      const length = to - from;
      if (length <= longestInsertion) return this.#insertionSort(from, to);
      if (limit === 0) return this.#heapSort(from, to);
      if (!wasBalanced) {
        this.#breakPatterns(from, to);
        limit--;
      }
      let [pivot, hint] = this.#choosePivot(from, to);
      if (hint === "falling") {
        this.#reverse(from, to);
        pivot = to - 1 - (pivot - from);
        hint = "rising";
      }
      if (wasBalanced && wasPartitioned && hint === "rising" && this.#finishRising(from, to)) return;
      // The item in front is no greater than any here: what equals the pivot is the least.
      if (from > 0 && !this.#less(from - 1, pivot)) {
        from = this.#partitionEqual(from, to, pivot);
        continue;
      }
      const [middle, already] = this.#partition(from, to, pivot);
      wasPartitioned = already;
      const left = middle - from;
      const right = to - middle;
      wasBalanced = Math.min(left, right) >= Math.floor(length / 8);
      if (left < right) {
        this.sort(from, middle, limit);
        from = middle + 1;
      } else {
        this.sort(middle + 1, to, limit);
        to = middle;
      }
    }
  }

  #less(a: number, b: number): boolean {
    return this.#compare(this.#items[a]!, this.#items[b]!);
  }

  #swap(a: number, b: number): void {
    const item = this.#items[a]!;
    this.#items[a] = this.#items[b]!;
    this.#items[b] = item;
  }

  #reverse(from: number, to: number): void {
    for (let low = from, high = to - 1; low < high; low++, high--) this.#swap(low, high);
  }

  #insertionSort(from: number, to: number): void {
    for (let next = from + 1; next < to; next++) {
      for (let at = next; at > from && this.#less(at, at - 1); at--) this.#swap(at, at - 1);
    }
  }

  #heapSort(from: number, to: number): void {
    const length = to - from;
    for (let root = Math.floor((length - 1) / 2); root >= 0; root--) this.#siftDown(root, length, from);
    for (let last = length - 1; last >= 0; last--) {
      this.#swap(from, from + last);
      this.#siftDown(0, last, from);
    }
  }

  #siftDown(root: number, length: number, from: number): void {
    for (;;) {
      let child = 2 * root + 1;
      if (child >= length) return;
      if (child + 1 < length && this.#less(from + child, from + child + 1)) child++;
      if (!this.#less(from + root, from + child)) return;
      this.#swap(from + root, from + child);
      root = child;
    }
  }

  /** Puts the pivot where it belongs, what is less before it; the second answer says that nothing else had to move. */
  #partition(from: number, to: number, pivot: number): [number, boolean] {
    this.#swap(from, pivot);
    let low = from + 1;
    let high = to - 1;
    for (let exchanged = false; ; exchanged = true) {
      while (low <= high && this.#less(low, from)) low++;
      while (low <= high && !this.#less(high, from)) high--;
      if (low > high) {
        this.#swap(high, from);
        return [high, !exchanged];
      }
      this.#swap(low++, high--);
    }
  }

  /** Puts what equals the pivot in front; gives the place behind. */
  #partitionEqual(from: number, to: number, pivot: number): number {
    this.#swap(from, pivot);
    let low = from + 1;
    let high = to - 1;
    for (;;) {
      while (low <= high && !this.#less(from, low)) low++;
      while (low <= high && this.#less(from, high)) high--;
      if (low > high) return low;
      this.#swap(low++, high--);
    }
  }

  /** Mends a stretch that is nearly sorted, with a few shifts; false when that does not do. */
  #finishRising(from: number, to: number): boolean {
    let at = from + 1;
    for (let shifts = 0; shifts < 5; shifts++) {
      while (at < to && !this.#less(at, at - 1)) at++;
      if (at === to) return true;
      if (to - from < shortestNinther) return false;
      this.#swap(at, at - 1);
      if (at - from >= 2)
        for (let down = at - 1; down >= 1 && this.#less(down, down - 1); down--) this.#swap(down, down - 1);
      if (to - at >= 2) for (let up = at + 1; up < to && this.#less(up, up - 1); up++) this.#swap(up, up - 1);
    }
    return false;
  }

  /** Exchanges three items in the middle with random ones; the generator starts from the length. */
  #breakPatterns(from: number, to: number): void {
    const length = to - from;
    if (length < 8) return;
    let random = BigInt(length);
    const mask = (1n << BigInt(bitLength(length))) - 1n;
    const middle = from + Math.floor(length / 4) * 2 - 1;
    for (let step = 0; step < 3; step++) {
      random = BigInt.asUintN(64, random ^ (random << 13n));
      random ^= random >> 7n;
      random = BigInt.asUintN(64, random ^ (random << 17n));
      const other = Number(random & mask);
      this.#swap(middle + step, from + (other >= length ? other - length : other));
    }
  }

  #choosePivot(from: number, to: number): [number, Hint] {
    const length = to - from;
    const quarter = Math.floor(length / 4);
    const exchanges = { count: 0 };
    let [low, middle, high] = [from + quarter, from + quarter * 2, from + quarter * 3];
    if (length >= 8) {
      if (length >= shortestNinther) {
        low = this.#median(low - 1, low, low + 1, exchanges);
        middle = this.#median(middle - 1, middle, middle + 1, exchanges);
        high = this.#median(high - 1, high, high + 1, exchanges);
      }
      middle = this.#median(low, middle, high, exchanges);
    }
    const { count } = exchanges;
    return [middle, count === 0 ? "rising" : count === mostExchanges ? "falling" : "unknown"];
  }

  #median(a: number, b: number, c: number, exchanges: { count: number }): number {
    const ordered = (first: number, second: number): [number, number] => {
      if (!this.#less(second, first)) return [first, second];
      exchanges.count++;
      return [second, first];
    };
    [a, b] = ordered(a, b);
    [b, c] = ordered(b, c);
    [a, b] = ordered(a, b);
    return b;
  }
}
