import { TemplateGrammar, valuesText } from "./helm-grammar.ts";
import { describe, type Batch, type HelmSide, type OurSide, type Outcome } from "./helm-sides.ts";
import type { Random } from "./random.ts";
import type { Statement } from "./template-node.ts";
import { printStatements, smallerStatements } from "./template-node.ts";

/** Where the two sides part, made small. */
export interface Difference {
  /** The template, or the chart with its flags. */
  readonly input: string;
  readonly values: string;
  readonly helm: string;
  readonly ours: string;
}

export interface RoundResult {
  readonly differences: readonly Difference[];
  readonly count: number;
  /** Inputs that fail on both sides. */
  readonly failed: number;
  /** Inputs that were not given to helm, which would not end or crash. */
  readonly refused: number;
}

const templatesPerRound = 150;
const debugHint = "\n\nUse --debug flag to render out invalid YAML";

/** What ends here by a limit (docs/helm-differences.md, "limits") takes all memory there, or crashes. */
function isRefused(outcome: Outcome): boolean {
  return "error" in outcome && /unsupported: a (?:list|string) of|exceeded maximum template depth/.test(outcome.error);
}

/** Random templates over the same values, on both sides. */
export class TemplateRounds {
  readonly #helm: HelmSide;
  readonly #ours: OurSide;
  constructor(helm: HelmSide, ours: OurSide) {
    this.#helm = helm;
    this.#ours = ours;
  }

  round(random: Random): RoundResult {
    const grammar = new TemplateGrammar(random);
    const templates = new Map(
      Array.from(
        { length: templatesPerRound },
        (_, index) => [`t${String(index).padStart(3, "0")}`, grammar.template()] as const,
      ),
    );
    const values = valuesText(random);
    const good = new Map<string, readonly Statement[]>();
    const bad = new Map<string, readonly Statement[]>();
    let refused = 0;
    for (const [name, statements] of templates) {
      const outcome = this.#ours.run({ values, templates: new Map([[name, statements]]) });
      if (isRefused(outcome)) refused++;
      else ("error" in outcome ? bad : good).set(name, statements);
    }
    const suspects = [
      ...this.#unequalErrors({ values, templates: bad }),
      ...this.#unequalOutputs({ values, templates: good }),
    ];
    const differences = suspects.flatMap((statements) => this.#shrink(statements, values) ?? []);
    return { differences, count: templatesPerRound, failed: bad.size, refused };
  }

  /** Templates that fail here and not, or otherwise, in helm. */
  #unequalErrors(batch: Batch): (readonly Statement[])[] {
    const errors = this.#helm.errors(batch);
    return [...batch.templates].flatMap(([name, statements]) => {
      const ours = describe(this.#ours.run({ values: batch.values, templates: new Map([[name, statements]]) }), name);
      const helm = describe({ error: `${errors.get(name) ?? ""}${debugHint}` }, name);
      return helm === ours ? [] : [statements];
    });
  }

  /** Templates whose output differs, and those that fail in helm alone. */
  #unequalOutputs(batch: Batch): (readonly Statement[])[] {
    const templates = new Map(batch.templates);
    const suspects: (readonly Statement[])[] = [];
    while (templates.size > 0) {
      const current = { values: batch.values, templates };
      const helm = this.#helm.run(current);
      if ("outputs" in helm) {
        const ours = this.#ours.run(current);
        for (const [name, statements] of templates)
          if (describe(helm, name) !== describe(ours, name)) suspects.push(statements);
        break;
      }
      const culprit = /fuzz\/templates\/(t\d+)\.yaml/.exec(helm.error)?.[1];
      const statements = culprit === undefined ? undefined : templates.get(culprit);
      if (statements === undefined) return [...suspects, ...this.#inHalves(current)];
      suspects.push(statements);
      templates.delete(culprit!);
    }
    return suspects;
  }

  /** When helm crashes instead of naming a template. */
  #inHalves({ values, templates }: Batch): (readonly Statement[])[] {
    const entries = [...templates];
    if (entries.length === 1) return [entries[0]![1]];
    const half = entries.length >> 1;
    return [entries.slice(0, half), entries.slice(half)].flatMap((part) =>
      this.#unequalOutputs({ values, templates: new Map(part) }),
    );
  }

  /** The smallest template found that still differs when it runs alone; undefined when it does not even as it is. */
  #shrink(statements: readonly Statement[], values: string): Difference | undefined {
    const name = "t000";
    const run = (candidate: readonly Statement[]): Difference | undefined => {
      const batch = { values, templates: new Map([[name, candidate]]) };
      const helm = describe(this.#helm.run(batch), name);
      const ours = describe(this.#ours.run(batch), name);
      return helm === ours ? undefined : { input: printStatements(candidate), values, helm, ours };
    };
    let best = run(statements);
    if (best === undefined) return undefined;
    let current = statements;
    let tries = 60;
    for (let progress = true; progress && tries > 0;) {
      progress = false;
      for (const candidate of smallerStatements(current)) {
        if (tries-- <= 0) break;
        const difference = run(candidate);
        if (difference === undefined) continue;
        best = difference;
        current = candidate;
        progress = true;
        break;
      }
    }
    return best;
  }
}
