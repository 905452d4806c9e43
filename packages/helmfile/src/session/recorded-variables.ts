/** Environment variables as templates see them, which remembers what templates asked for, set or not. Byte strings. */
export class RecordedVariables extends Map<string, string> {
  #asked = new Set<string>();

  override get(name: string): string | undefined {
    this.#asked.add(name);
    return super.get(name);
  }

  /** The names that were asked for since the last call. */
  takeAsked(): ReadonlySet<string> {
    const asked = this.#asked;
    this.#asked = new Set();
    return asked;
  }
}
