import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { TraceRecorder } from "./index.ts";
import { runCase } from "../cases/case.ts";
import type { Case, Result } from "../cases/case.ts";

const folder = new URL("../cases/", import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));

/** Go prints addresses; the recorded ones are replaced by ours. */
interface CaseFile {
  /** Dot of all cases that bring none of their own. */
  readonly data: unknown;
  readonly cases: readonly (Case & { readonly want: Result })[];
}

test.each(files)("%s gives what Go gave, traced or not", (file) => {
  const { data, cases } = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as CaseFile;
  expect(cases.length).toBeGreaterThan(0);
  const wrong = cases.flatMap(({ want, ...given }) => {
    return [undefined, new TraceRecorder()].flatMap((trace) => {
      const got = runCase({ data, ...given }, trace);
      return got.out === want.out && got.error === want.error
        ? []
        : [{ given, traced: trace !== undefined, want, got }];
    });
  });
  expect(wrong).toEqual([]);
});
