import type { Random } from "./random.ts";

const values = {
  env: ["dev", "staging", "prod"],
  wave: ["1", "2", "3"],
  region: ["eu", "us", ""],
} as const;
const keys = Object.keys(values) as (keyof typeof values)[];

const operators = ["In", "In", "In", "In", "NotIn", "NotIn", "Exists", "in", ""];
const limits = [0, 1, 2, 3, "0%", "1%", "10%", "25%", "33%", "50%", "100%", "150%", "2", "x", "-1", -1, "5.5%", ""];

/** A random rollout: the files of a RollingSync case. */
export class RolloutGrammar {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const names = Array.from({ length: random.below(14) }, (_, index) => `a${index}`);
    const applications = names.map((name) => `---\n${JSON.stringify(this.#application(name))}\n`);
    return new Map([
      ["appset.yaml", JSON.stringify(this.#applicationSet(), null, 1)],
      ["applications.yaml", applications.join("")],
    ]);
  }

  #applicationSet(): object {
    const random = this.#random;
    const steps = random.list(random.chance(0.05) ? 0 : 1, 5, () => ({
      ...(random.chance(0.9) && { matchExpressions: random.list(0, 2, () => this.#expression()) }),
      ...(random.chance(0.5) && { maxUpdate: random.pick(limits) }),
    }));
    const strategy = {
      type: random.chance(0.95) ? "RollingSync" : random.pick(["AllAtOnce", "", "Other"]),
      ...(random.chance(0.97) && { rollingSync: { steps } }),
    };
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "ApplicationSet",
      metadata: { name: "set", namespace: "argocd" },
      spec: { generators: [], template: { metadata: {}, spec: {} }, strategy },
    };
  }

  #expression(): object {
    const random = this.#random;
    const key = random.pick(keys);
    return { key, operator: random.pick(operators), values: random.list(0, 3, () => random.pick(values[key])) };
  }

  #application(name: string): object {
    const random = this.#random;
    const labels = Object.fromEntries(
      keys.filter(() => random.chance(0.8)).map((key) => [key, random.pick(values[key])]),
    );
    const status = {
      sync: { status: random.pick(["Synced", "Synced", "OutOfSync", "Unknown"]) },
      health: { status: random.pick(["Healthy", "Healthy", "Progressing", "Degraded", "Missing", "Suspended"]) },
    };
    return {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name, namespace: "argocd", ...(Object.keys(labels).length > 0 && { labels }) },
      spec: { project: "default", destination: {}, source: { repoURL: "r", path: "p" } },
      ...(random.chance(0.4) && { status }),
    };
  }
}
