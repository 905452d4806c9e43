import type { Random } from "./random.ts";
import type { Yaml } from "./helmfile-values.ts";
import { oddReferences, references } from "./helmfile-words.ts";

/** Where a release's files are written, and how much of the unusual it has. */
export interface SetScene {
  readonly files: Map<string, string>;
  readonly folder: string;
  readonly oddity: number;
}

/** The entries of a release's `set`. */
export function setEntries(random: Random, scene: SetScene): Yaml[] {
  const names = random.list(1, 3, () => random.pick(["a", "image.tag", "env[0].name", "deep.b", "with\\.dot", "x{y}"]));
  // Where a path goes through what values hold, Helm fails: mostly it goes elsewhere.
  const prefix = random.chance(0.3 * scene.oddity) ? "" : "set.";
  return [...new Set(names)].map((name) => ({
    map: [["name", prefix + name], setSource(random, scene)],
  }));
}

function setSource(random: Random, { files, folder, oddity }: SetScene): [string, Yaml] {
  if (random.chance(0.06)) {
    files.set(`${folder}values/set.txt`, "from a file\n");
    return ["file", "values/set.txt"];
  }
  if (random.chance(0.15))
    return ["values", { list: random.list(0, 3, () => random.pick(["a", "1", '"b,c"', "true", "1.0", "null"])) }];
  return ["value", setValue(random, oddity)];
}

/** A scalar that `set` takes. */
export function setValue(random: Random, oddity: number): string {
  return random.pick([
    "1",
    "text",
    '"a,b"',
    "true",
    '""',
    '"{a}"',
    "null",
    "1.0",
    "0755",
    "'back\\slash'",
    "2024-01-02",
    "x=y",
    "1e3",
    ...(random.chance(0.15) ? references : []),
    ...(random.chance(0.3 * oddity) ? oddReferences : []),
  ]);
}
