/** Where a value lies below a root: one step of a path. Equal paths below one root are the same object. */
export class ValuePath {
  readonly parent: ValuePath | undefined;
  /** The key or index of this step; the name of a root, such as `.Values`. */
  readonly key: number | string;
  #children: Map<number | string, ValuePath> | undefined;

  constructor(key: number | string, parent?: ValuePath) {
    this.key = key;
    this.parent = parent;
  }

  /** The path one step further. */
  child(key: number | string): ValuePath {
    const children = (this.#children ??= new Map());
    let child = children.get(key);
    if (!child) children.set(key, (child = new ValuePath(key, this)));
    return child;
  }

  /** The root's name and all keys and indexes down to here. */
  segments(): (number | string)[] {
    const segments = [this.key];
    for (let at = this.parent; at; at = at.parent) segments.push(at.key);
    return segments.reverse();
  }

  /** `.Values.image.tags[0]`, for people. */
  toString(): string {
    const [root, ...steps] = this.segments();
    return String(root) + steps.map((step) => (typeof step === "number" ? `[${step}]` : "." + step)).join("");
  }
}
