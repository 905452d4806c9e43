/** Milliseconds, roughly: what matters is that a program takes longer than a file. */
const durations = { file: 1, command: 5, helm: 50 } as const;

/**
 * How long helmfile would have been running. Of files that run at the same time and fail, it reports the one that fails first, and this
 * says which that is.
 */
export class RunningTime {
  #now = 0;
  #helmIsReadyAt: number | undefined;

  spend(what: keyof typeof durations): void {
    this.#now += durations[what];
  }

  /** pkg/app/app.go `getHelm` of helmfile 1.8.0: the first file that needs helm asks for its version, the others wait for that. */
  waitForHelm(): void {
    this.#helmIsReadyAt ??= this.#now + durations.helm;
    this.#now = Math.max(this.#now, this.#helmIsReadyAt);
  }

  /** Runs tasks that start together and goes on when the last is done. Gives when each ended. */
  together(tasks: readonly (() => void)[]): number[] {
    const start = this.#now;
    const ends = tasks.map((task) => {
      this.#now = start;
      task();
      return this.#now;
    });
    this.#now = Math.max(start, ...ends);
    return ends;
  }
}
