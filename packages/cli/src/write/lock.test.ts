import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommandLine } from "../testing/run-command-line.ts";
import { recover, writeFiles } from "./journal.ts";
import { isBusy } from "./lock.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tiphys-lock-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const change = { path: "a.yaml", content: Buffer.from("a: 1\n") };

function lockAs(pid: number): void {
  mkdirSync(join(folder, ".tiphys"), { recursive: true });
  writeFileSync(join(folder, ".tiphys/lock"), `${pid} ${hostname()}\n`);
}

test("while another run writes, nothing is written", () => {
  lockAs(process.ppid);
  expect(isBusy(folder)).toBe(true);
  expect(() => writeFiles(folder, [change])).toThrow(
    new RegExp(
      `^error: another run writes into .+ \\(process ${process.ppid} on .+\\)\\n  fix: run again when it is done`,
    ),
  );
  expect(existsSync(join(folder, "a.yaml"))).toBe(false);
});

test("the lock of a run that was killed holds nobody up", () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  lockAs(pid);
  expect(isBusy(folder)).toBe(false);
  writeFiles(folder, [change]);
  expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe("a: 1\n");
  expect(existsSync(join(folder, ".tiphys"))).toBe(false);
  lockAs(pid);
  expect(recover(folder)).toBe("nothing");
  expect(existsSync(join(folder, ".tiphys"))).toBe(false);
});

test(
  "two moves at once: one is done, the other is refused, and the next does what is missing",
  { timeout: 120_000 },
  async () => {
    const estate = fileURLToPath(new URL("../../../../examples/reference-estate", import.meta.url));
    cpSync(estate, folder, { recursive: true });
    const move = (layer: string) =>
      runCommandLine(["migrate", "--write", "--offline", "--layer", layer], { cwd: folder });
    lockAs(process.ppid);
    const refused = await move("24-auth");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("another run writes into");
    // Who only reads is not held up.
    expect((await runCommandLine(["inventory", "--list", "-e", "local"], { cwd: folder })).code).toBe(0);
    rmSync(join(folder, ".tiphys"), { recursive: true });
    const done = await move("24-auth");
    expect(done.stderr).not.toContain("another run");
    expect(existsSync(join(folder, ".tiphys"))).toBe(false);
  },
);

test.skipIf(process.getuid?.() === 0)("a folder that cannot be written is said, and nothing is written", () => {
  mkdirSync(join(folder, "closed"));
  chmodSync(join(folder, "closed"), 0o555);
  expect(() => writeFiles(folder, [change, { ...change, path: "closed/b.yaml" }])).toThrow(/EACCES/);
  expect(existsSync(join(folder, "a.yaml"))).toBe(false);
});
