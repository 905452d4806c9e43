// `npm run demo [-- FOLDER]`: the walk from Helmfile to Argo CD on a copy of the reference estate. Installs and builds what is missing first.
// Every step says what it expects; the demo fails at the first that ends otherwise.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build, install, root } from "./install.mjs";

install();
await build();
const { main } = await import(pathToFileURL(join(root, "packages", "cli", "dist", "main.js")).href);
const started = performance.now();

const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
const style = (code) => (text) => (isColoured ? `\u001b[${code}m${text}\u001b[0m` : text);
const bold = style("1");
const dim = style("2");
const print = (text = "") => process.stdout.write(`${text}\n`);

class Unexpected extends Error {}

/** Runs one command line on the copy, in this process, and gives back what it printed. */
async function tiphys(commandLine, { exitCodes = [0] } = {}) {
  const words = commandLine.split(" ");
  let stdout = "";
  let stderr = "";
  const text = (data) => (typeof data === "string" ? data : Buffer.from(data).toString("utf8"));
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1" };
  const code = await main([...words, "--offline"], {
    stdout: { write: (data) => void (stdout += text(data)), isTTY: false },
    stderr: { write: (data) => void (stderr += text(data)), isTTY: false },
    stdin: () => new Uint8Array(),
    cwd: folder,
    environment,
    now: Date.now,
  });
  if (!exitCodes.includes(code))
    throw new Unexpected(`tiphys ${commandLine} ended with exit code ${code}\n${stderr}${stdout}`);
  return { stdout, stderr };
}

/** The command as typed, above its output. */
const typed = (commandLine) => print(bold(`$ tiphys ${commandLine}`));

function expect(text, pattern, what) {
  const match = pattern.exec(text);
  if (match === null) throw new Unexpected(`${what}: expected ${pattern} in\n${text}`);
  return match;
}

let chapter = 0;
function heading(title, explanation) {
  print(`\n${bold(`${++chapter}. ${title}`)}`);
  for (const line of explanation) print(dim(line));
  print();
}

/** Prints the first lines of a text and says how many are left out. */
function show(text, { first = Infinity, last = 0 } = {}) {
  const lines = text.trimEnd().split("\n");
  const indented = (line) => print(line === "" ? "" : `  ${line}`);
  if (lines.length <= first + last + 1) return lines.forEach(indented);
  lines.slice(0, first).forEach(indented);
  print(dim(`  … ${lines.length - first - last} more lines`));
  lines.slice(lines.length - last).forEach(indented);
}

/** The named columns of a text table. */
function columns(text, names) {
  const [head, ...rows] = text.trimEnd().split("\n");
  const starts = [...head.matchAll(/\S+(?: \S+)*/g)].map(({ 0: name, index }) => ({ name, index }));
  const cells = (line) =>
    names.map((name) => {
      const position = starts.findIndex((start) => start.name === name);
      return line.slice(starts[position].index, starts[position + 1]?.index).trimEnd();
    });
  return table(names, rows.map(cells));
}

function table(headings, rows) {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The table at the beginning of an output, up to the first empty line. */
const tableOf = (text) => text.split("\n\n")[0];
const lastLine = (text) => text.trimEnd().split("\n").at(-1);

function copyEstate() {
  const wanted = process.argv[2];
  if (wanted !== undefined && existsSync(wanted) && readdirSync(wanted).length > 0)
    throw new Unexpected(`${wanted} is not empty`);
  const target =
    wanted === undefined
      ? mkdtempSync(join(tmpdir(), "tiphys-demo-"))
      : resolve(process.env.INIT_CWD ?? process.cwd(), wanted);
  cpSync(join(root, "examples", "reference-estate"), target, { recursive: true });
  return target;
}

async function before() {
  heading("Where the estate stands", [
    "14 helmfile layers, 4 environments. Layers 10 to 20 were moved to Argo CD as rendered YAML, the rest",
    "is applied by helmfile, and scripts still apply all of it: two masters.",
  ]);
  typed("status");
  const { stdout } = await tiphys("status");
  show(columns(tableOf(stdout), ["STATE", "WHAT", "EVIDENCE"]));
  show(lastLine(stdout));
  expect(stdout, /^OPEN +Helmfile is render-only/m, "status before");
}

async function inventory() {
  heading("What is there", [
    "Every release in every environment gets a class and the reasons for it. `!` marks what stops a move.",
  ]);
  typed("inventory");
  const { stdout } = await tiphys("inventory -o json");
  const rows = JSON.parse(stdout);
  const classes = new Map(rows.map((row) => [`${row.layer}/${row.namespace}/${row.name}`, row.class]));
  const count = (name) => [...classes.values()].filter((value) => value === name).length;
  const inDev = rows.filter(({ environment }) => environment === "dev");
  const why = ({ blockers, reasons }) =>
    (blockers.length > 0
      ? blockers.map((code) => `!${code}`)
      : reasons.filter((code) => code !== "chart-outside-gitops")
    ).join(" ");
  show(
    table(
      ["LAYER", "RELEASE", "CLASS", "WAVE", "WHY"],
      inDev.map((row) => [row.layer, row.name, row.class, row.wave === "" ? "-" : row.wave, why(row)]),
    ),
  );
  print();
  show(
    `${classes.size} releases in ${new Set(rows.map(({ environment }) => environment)).size} environments (above: dev): ${count("helm")} become Helm sources, ` +
      `${count("rendered")} stay rendered YAML, ${count("stays")} stay with Helmfile`,
  );
  if (count("helm") < 30 || count("rendered") < 10) throw new Unexpected("inventory: too few releases");
}

async function wedge() {
  heading("Move one layer: 22-control-plane, the wedge", [
    "Components, values split into a shared part and one for each environment, charts, ApplicationSets and AppProjects.",
  ]);
  typed("migrate --layer 22-control-plane --write");
  const { stdout, stderr } = await tiphys("migrate --layer 22-control-plane --write");
  show(stdout, { first: 11 });
  show(lastLine(stderr));
  expect(stderr, /^wrote [1-9]\d* files/m, "migrate");
  const component = "gitops/platform/environments/dev/components/platform/control-plane/gateway/component.yaml";
  print();
  print(bold(`$ cat ${component}`));
  show(readFileSync(join(folder, component), "utf8"));

  heading("Prove it", [
    "Both sides are rendered by the same engine, helmfile's way and Argo CD's way, and compared object by object and field",
    "by field. A difference is harmless only under a named rule; here Argo CD's tracking id is the only one.",
  ]);
  typed("prove --layer 22-control-plane");
  const proof = (await tiphys("prove --layer 22-control-plane")).stdout;
  show(columns(tableOf(proof), ["ENVIRONMENT", "RELEASE", "VERDICT", "EQUAL", "NOTE"]), { first: 9 });
  show(lastLine(proof));
  expect(proof, /^16 proven, 0 different, 0 not proven, 0 not migrated: 0 unexplained differences$/m, "prove");
}

async function rest() {
  heading("Move everything else: 24-auth and 40 to 60", [
    "The same for seven layers in one run. All files of a run are written together or not at all.",
  ]);
  const layers = [
    "24-auth",
    "40-data-plane",
    "42-db-migrations",
    "45-data-plane-ext",
    "50-product-services",
    "55-observability",
    "60-qa",
  ];
  const commandLine = `migrate ${layers.map((layer) => `--layer ${layer}`).join(" ")} --write`;
  typed(commandLine);
  const { stdout, stderr } = await tiphys(commandLine);
  show(columns(tableOf(stdout), ["RELEASE", "CLASS", "WAVE", "ENVIRONMENTS", "BLOCKED BY"]));
  show(lastLine(stderr));
  expect(stderr, /^wrote [1-9]\d* files/m, "migrate");
  print();
  print(
    dim(
      "minio's hook creates a Secret, build-stamp's value comes from a command: both stay until somebody decides (docs/reasons.md).",
    ),
  );
}

async function proof() {
  heading("Prove all of it", ["Now also the layers that somebody else moved by hand, long ago."]);
  typed("prove");
  const first = (await tiphys("prove", { exitCodes: [1] })).stdout;
  const difference = first.split("\n").slice(first.split("\n").findIndex((line) => line.includes("apps/Deployment/")));
  show(
    `staging 20-core-operators/operators/redis-operator\n${difference
      .slice(
        0,
        difference.findIndex((line, index) => index > 0 && !/^ +[-+]/.test(line)),
      )
      .join("\n")}`,
  );
  show(lastLine(first));
  expect(first, / 1 different, 0 not proven, /, "prove");
  expect(first, /^staging 20-core-operators\/operators\/redis-operator$/m, "prove");

  print();
  print(
    dim(
      "One is different: in staging, the committed manifests of redis-operator are a version behind. Render them afresh:",
    ),
  );
  print();
  typed("migrate -l name=redis-operator --write");
  const { stderr } = await tiphys("migrate -l name=redis-operator --write");
  show(lastLine(stderr));
  typed("prove -l name=redis-operator");
  const second = (await tiphys("prove -l name=redis-operator")).stdout;
  show(lastLine(second));
  expect(second, /^4 proven, 0 different, 0 not proven, 0 not migrated: 0 unexplained differences$/m, "prove");
}

async function expandAndRender() {
  heading("What Argo CD will see", [
    "ApplicationSets are expanded and every Application is rendered, without a cluster and without helm.",
  ]);
  typed("apps -e dev");
  const applications = (await tiphys("apps -e dev")).stdout;
  show(columns(applications, ["APPLICATION", "PROJECT", "NAMESPACE", "WAVE", "MADE BY"]), { first: 13 });
  print();
  typed("render -e dev");
  const begun = performance.now();
  const { stdout } = await tiphys("render -e dev");
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const rendered = stdout.match(/^# Application /gm)?.length ?? 0;
  const objects = stdout.match(/^---$/gm)?.length ?? 0;
  show(`${rendered} Applications, ${objects} objects, ${stdout.split("\n").length - 1} lines of YAML in ${seconds} s`);
  if (rendered !== applications.trimEnd().split("\n").length - 1)
    throw new Unexpected(`apps names other Applications than the ${rendered} that were rendered`);
}

async function freeze() {
  heading("Keep it so", [
    "Helmfile stays to render, marked as such; guard finds what would still apply it. Your CI runs guard.",
  ]);
  typed("freeze --write");
  const { stdout, stderr } = await tiphys("freeze --write");
  show(stdout, { first: 3, last: 2 });
  show(lastLine(stderr));
  print();
  typed("guard");
  const findings = (await tiphys("guard", { exitCodes: [0, 1] })).stdout;
  show(findings, { first: 11, last: 1 });
}

async function after() {
  heading("Where the estate stands now", [
    "What is open is for people: scripts to change, and three releases that need a decision.",
  ]);
  typed("status");
  const { stdout } = await tiphys("status");
  show(columns(tableOf(stdout), ["STATE", "WHAT", "EVIDENCE"]));
  show(lastLine(stdout));
  expect(stdout, /^done +Helmfile is render-only/m, "status after");
  expect(stdout, /^done +ApplicationSets render both kinds/m, "status after");
  expect(stdout, /^\S+ +Every release is proven equal in every environment +\d{3} proven(?!.*differ)/m, "status after");
}

let folder;
try {
  folder = copyEstate();
  print(`The reference estate was copied to ${folder}. Every command below ran there, without a network.`);
  for (const step of [before, inventory, wedge, rest, proof, expandAndRender, freeze, after]) await step();
  print(
    `\n${bold("Look around in")} ${folder} ${dim(`(the demo took ${((performance.now() - started) / 1000).toFixed(1)} s)`)}`,
  );
  print("\nThree commands to try:\n");
  print(`  npx tiphys migrate --plan -o markdown --path ${folder}`);
  print(`  npx tiphys values gateway -e dev --origins --path ${folder}`);
  print(`  npx tiphys render platform-gateway -e production --path ${folder}`);
} catch (error) {
  if (!(error instanceof Unexpected)) throw error;
  process.stderr.write(`\nThe demo went wrong: ${error.message}\n`);
  process.exitCode = 1;
}
