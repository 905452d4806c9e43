import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One entry of `renders` in a corpus' index.json; see the corpus' README. Paths are relative to the corpus. */
export interface CorpusRender {
  readonly id: string;
  readonly chart: string;
  readonly release: string;
  readonly namespace: string;
  readonly kubeVersion: string;
  readonly apiVersions: readonly string[];
  readonly values: readonly string[];
  readonly set: readonly string[];
  readonly flags: readonly string[];
  readonly expect: "ok" | "error";
  readonly expected: string;
  /** 1-based numbers of lines that no two runs share. */
  readonly randomLines?: readonly number[];
}

export function readCorpus(folder: string): readonly CorpusRender[] {
  const index = JSON.parse(readFileSync(join(folder, "index.json"), "utf8")) as { renders: CorpusRender[] };
  return index.renders;
}
