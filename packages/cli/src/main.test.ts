import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { commands } from "./commands.ts";
import { type CommandOutcome, runCommandLine } from "./testing/run-command-line.ts";

const estate = fileURLToPath(new URL("../../../examples/reference-estate", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tiphys-main-"));
mkdirSync(join(folder, "empty"));
writeFileSync(join(folder, "file"), "");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tiphys(...argv: string[]): Promise<CommandOutcome> {
  return runCommandLine(argv, { cwd: folder });
}

/** Command lines that nobody can mean, and what a stranger reads. */
const faults: readonly [commandLine: string, message: string][] = [
  ["inventry", "error: unknown command 'inventry'\n(Did you mean inventory?)\n"],
  ["help inventry", "error: unknown command 'inventry'; tiphys --help lists them\n"],
  [
    "--path empty inventory",
    "error: unknown option '--path'; options stand behind the command, as in: tiphys inventory --path FOLDER\n",
  ],
  ["migrate --layr x", "error: unknown option '--layr'\n(Did you mean --layer?)\n"],
  ["inventory -e", "error: option '-e, --environment <name>' argument missing\n"],
  ["inventory extra", "error: too many arguments for 'inventory'. Expected 0 arguments but got 1.\n"],
  ["inventory --path nowhere", "error: there is no folder nowhere\n"],
  ["inventory --path file", "error: file is not a folder: --path takes the workspace's root\n"],
  [
    "inventory --path empty",
    `error: no helmfile.yaml, helmfile.yaml.gotmpl or helmfile.d was found below ${join(folder, "empty")}\n  fix: name the workspace with --path, or the file with --file or \`helmfile\` in its tiphys.yaml\n`,
  ],
  [`render -o xml --path ${estate}`, 'error: unknown output format "xml": use one of yaml\n'],
  ["inventory -o xml", 'error: unknown output format "xml": use one of table, json, yaml, markdown\n'],
  [
    `inventory --offline -e prod --path ${estate}`,
    'error: unknown environment "prod"; known are local, dev, staging, production\n',
  ],
  [`inventory --offline --engine helm4 --path ${estate}`, 'error: unknown engine "helm4": use tiphys or helm\n'],
  [`inventory --offline --env A --path ${estate}`, 'error: --env takes NAME=VALUE, not "A"\n'],
  ["apps --path empty --clusters nowhere.yaml", "error: nowhere.yaml: no such file\n"],
  ["completion tcsh", 'error: unknown shell "tcsh": use one of bash, zsh, fish\n'],
];

test.each(faults)("tiphys %s", async (commandLine, message) => {
  expect(await tiphys(...commandLine.split(" "))).toEqual({ code: 2, stdout: "", stderr: message });
});

test.each(commands)("tiphys $name explains itself and refuses flags that it does not have", async ({ name }) => {
  const help = await tiphys(name, "--help");
  expect(help).toMatchObject({ code: 0, stderr: "" });
  expect(help.stdout).toMatch(/^Usage/m);
  const refused = await tiphys(name, "--no-such-flag");
  // What stands in for helm ends as helm does.
  expect(refused.code).toBe(["template", "deps"].includes(name) ? 1 : 2);
  expect(refused.stdout).toBe("");
  expect(refused.stderr).toMatch(/^(?:error: unknown option|Error: unknown flag).*\n$/);
});

test("--ref names a revision", async () => {
  const { code, stdout, stderr } = await tiphys("inventory", "--path", estate, "--ref", "no-such-revision");
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(/^error: revision no-such-revision: .+\n$/);
});

test("a workspace without Argo CD has no Applications", async () => {
  const { code, stderr } = await tiphys("apps", "--path", "empty");
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `no ApplicationSet or Application was found below ${join(folder, "empty")}\n`,
  });
});

test("help lists every command, and help of a command equals its --help", async () => {
  const { stdout } = await tiphys();
  expect(stdout).toBe((await tiphys("--help")).stdout);
  for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  expect(await tiphys("help", "migrate")).toEqual(await tiphys("migrate", "--help"));
});

describe("completion", () => {
  const complete = (script: string, words: readonly string[]): string[] => {
    const line = `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _tiphys; echo "\${COMPREPLY[*]}"`;
    return spawnSync("bash", ["--norc", "-c", line], { encoding: "utf8" }).stdout.trim().split(" ");
  };

  test.skipIf(spawnSync("bash", ["--version"]).status !== 0)(
    "bash completes commands, options and formats",
    async () => {
      const { code, stdout } = await tiphys("completion", "bash");
      expect(code).toBe(0);
      expect(complete(stdout, ["tiphys", "mig"])).toEqual(["migrate"]);
      expect(complete(stdout, ["tiphys", "migrate", "--la"])).toEqual(["--layer"]);
      expect(complete(stdout, ["tiphys", "inventory", "-o", ""])).toEqual(["table", "json", "yaml", "markdown"]);
      expect(complete(stdout, ["tiphys", "completion", "f"])).toEqual(["fish"]);
    },
  );

  test.each(["zsh", "fish"])("%s gets every command and its own options", async (shell) => {
    const { stdout } = await tiphys("completion", shell);
    for (const { name } of commands) expect(stdout).toContain(name);
    expect(stdout).toContain("layer");
    if (spawnSync(shell, ["--version"]).status === 0)
      expect(spawnSync(shell, ["-n"], { input: stdout }).status).toBe(0);
  });
});
