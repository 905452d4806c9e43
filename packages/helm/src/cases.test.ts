import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toByteString } from "@tiphys/gotemplate";
import { MemoryTree } from "@tiphys/source";
import type { ChartCase, Recording } from "./cases/case-file.ts";
import { loadChart } from "./chart/load.ts";
import { HelmError } from "./error.ts";
import { HelmEngine } from "./helm-engine.ts";
import type { SetFlag } from "./installation.ts";
import { showOnly } from "./manifests/output.ts";
import { findProfile, type Profile } from "./profile.ts";
import type { RenderResult } from "./render-chart.ts";

/** What the profile of Helm 3.19.4 does not follow, by name of the case. */
const notFollowed: Readonly<Record<string, string>> = {
  cy14: "Helm 3 loads apiVersion v3",
  cy29: "Helm 3 takes the name ..",
  set0: "Helm 3 refuses an index that does not end",
  "set-string0": "Helm 3 refuses an index that does not end",
  "set-literal23": "Helm 3 refuses an index that does not end",
  "set-json46": "Helm 3 refuses an index that does not end",
  "set-json62": "Helm 3 has no --set-json of a whole object",
  s5: "Helm 3 links copies of aliased charts otherwise",
  t48: "types are named as in Helm 4",
};

const folder = new URL("cases/", import.meta.url);
const engine = new HelmEngine();

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  describe(`charts recorded with Helm: ${file}`, () => {
    const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as ChartCase[];
    for (const chartCase of cases) {
      for (const [version, recording] of Object.entries(chartCase.recorded ?? {})) {
        if (version === "3.19.4" && Object.hasOwn(notFollowed, chartCase.name)) {
          it.skip(`${chartCase.name} as Helm ${version}: ${notFollowed[chartCase.name]}`);
          continue;
        }
        it(`${chartCase.name} as Helm ${version}`, () => {
          expect(sortedLines(run(chartCase, findProfile(version)!), version)).toEqual(sortedLines(recording, version));
        });
      }
    }
  });
}

/** Helm ranges Go maps where it warns and where it validates, so the order of its lines on stderr is random. */
function sortedLines(recording: Recording, version: string): Recording {
  // Helm 3 words errors and warnings otherwise; its profile follows the manifests and what is refused, not the words.
  if (version === "3.19.4") return { ...recording, stderr: "" };
  return { ...recording, stderr: recording.stderr.split("\n").sort().join("\n") };
}

function run(chartCase: ChartCase, profile: Profile): Recording {
  const files = Object.entries(chartCase.files).map(([path, content]) => {
    return [
      path,
      typeof content === "string" ? content : new Uint8Array(Buffer.from(content.base64, "base64")),
    ] as const;
  });
  try {
    const chart = loadChart(new MemoryTree(files), "", { profile });
    const result = engine.render({
      chart,
      valuesLayers: [],
      sets: setFlags(chartCase.args),
      release: { name: "x", namespace: "default" },
      includeCrds: chartCase.args.includes("--include-crds"),
      skipTests: chartCase.args.includes("--skip-tests"),
      noHooks: chartCase.args.includes("--no-hooks"),
      profile,
    });
    return print(result, chartCase, profile);
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    return { status: 1, stdout: "", stderr: `Error: ${error.helmText}\n` };
  }
}

function print(result: RenderResult, { args }: ChartCase, profile: Profile): Recording {
  if (result.error) return { status: 1, stdout: "", stderr: `${result.stderr}Error: ${result.error.helmText}\n` };
  const show = args.indexOf("-s");
  const stdout = show < 0 ? result.manifests : showOnly(result.manifests, [args[show + 1]!], profile);
  return { status: 0, stdout, stderr: result.stderr };
}

function setFlags(args: readonly string[]): SetFlag[] {
  return args.flatMap((word, index): SetFlag[] => {
    if (!/^--set(?:-string|-json|-literal)?$/.test(word)) return [];
    const kind = word.slice(2) as SetFlag["kind"];
    return [{ kind, expression: toByteString(args[index + 1]!), origin: { file: word } }];
  });
}
