// The walk from Helmfile to Argo CD that `npm run demo` shows. Every step says what it expects, and the walk ends at the first that ends otherwise.
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A step of the walk ended otherwise than it should. */
export class Unexpected extends Error {}

/**
 * Walks through a copy of the reference estate in `folder` and prints what a person wants to see. `main` is the command line's;
 * `write` takes the text. Throws `Unexpected`.
 */
export async function walk({ main, folder, write, isColoured }) {
  const stage = new Stage({ main, folder, write, isColoured });
  for (const step of [before, inventory, wedge, rest, proof, expandAndRender, freeze, after]) await step(stage);
}

/** Runs command lines and prints what is shown of them. */
class Stage {
  #main;
  #write;
  #isColoured;
  #chapter = 0;
  folder;

  constructor({ main, folder, write, isColoured }) {
    this.#main = main;
    this.#write = write;
    this.#isColoured = isColoured;
    this.folder = folder;
  }

  /** Runs one command line on the copy, in this process, and gives back what it printed. */
  async tiphys(commandLine, { exitCodes = [0] } = {}) {
    let stdout = "";
    let stderr = "";
    const text = (data) => (typeof data === "string" ? data : Buffer.from(data).toString("utf8"));
    const code = await this.#main([...commandLine.split(" "), "--offline"], {
      stdout: { write: (data) => void (stdout += text(data)), isTTY: false },
      stderr: { write: (data) => void (stderr += text(data)), isTTY: false },
      stdin: () => new Uint8Array(),
      cwd: this.folder,
      environment: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1" },
      now: Date.now,
    });
    if (exitCodes.includes(code)) return { stdout, stderr };
    throw new Unexpected(`tiphys ${commandLine} ended with exit code ${code}\n${stderr}${stdout}`);
  }

  print(text = "") {
    this.#write(`${text}\n`);
  }

  bold(text) {
    return this.#isColoured ? `\u001b[1m${text}\u001b[0m` : text;
  }

  dim(text) {
    return this.#isColoured ? `\u001b[2m${text}\u001b[0m` : text;
  }

  heading(title, explanation) {
    this.print(`\n${this.bold(`${++this.#chapter}. ${title}`)}`);
    for (const line of explanation) this.print(this.dim(line));
    this.print();
  }

  /** The command as typed, above its output. */
  typed(commandLine) {
    this.print(this.bold(`$ tiphys ${commandLine}`));
  }

  /** Prints the first and last lines of a text and says how many are left out between. */
  show(text, { first = Infinity, last = 0 } = {}) {
    const lines = text.trimEnd().split("\n");
    const indented = (line) => this.print(line === "" ? "" : `  ${line}`);
    if (lines.length <= first + last + 1) return lines.forEach(indented);
    lines.slice(0, first).forEach(indented);
    this.print(this.dim(`  … ${lines.length - first - last} more lines`));
    lines.slice(lines.length - last).forEach(indented);
  }
}

function expect(text, pattern, what) {
  const match = pattern.exec(text);
  if (match === null) throw new Unexpected(`${what}: expected ${pattern} in\n${text}`);
  return match;
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

async function before(stage) {
  stage.heading("Where the estate stands", [
    "14 helmfile layers, 4 environments. Layers 10 to 20 were moved to Argo CD as rendered YAML, the rest",
    "is applied by helmfile, and scripts still apply all of it: two masters.",
  ]);
  stage.typed("status");
  const { stdout } = await stage.tiphys("status");
  stage.show(columns(tableOf(stdout), ["STATE", "WHAT", "EVIDENCE"]));
  stage.show(lastLine(stdout));
  expect(stdout, /^OPEN +Helmfile is render-only/m, "status before");
}

async function inventory(stage) {
  stage.heading("What is there", [
    "Every release in every environment gets a class and the reasons for it. `!` marks what stops a move.",
  ]);
  stage.typed("inventory");
  const { stdout } = await stage.tiphys("inventory -o json");
  const rows = JSON.parse(stdout);
  const classes = new Map(rows.map((row) => [`${row.layer}/${row.namespace}/${row.name}`, row.class]));
  const count = (name) => [...classes.values()].filter((value) => value === name).length;
  const inDev = rows.filter(({ environment }) => environment === "dev");
  const why = ({ blockers, reasons }) =>
    (blockers.length > 0
      ? blockers.map((code) => `!${code}`)
      : reasons.filter((code) => code !== "chart-outside-gitops")
    ).join(" ");
  stage.show(
    table(
      ["LAYER", "RELEASE", "CLASS", "WAVE", "WHY"],
      inDev.map((row) => [row.layer, row.name, row.class, row.class === "stays" ? "-" : row.wave, why(row)]),
    ),
  );
  stage.print();
  stage.show(
    `${classes.size} releases in ${new Set(rows.map(({ environment }) => environment)).size} environments (above: dev): ${count("helm")} become Helm sources, ` +
      `${count("rendered")} stay rendered YAML, ${count("stays")} stay with Helmfile`,
  );
  if (count("helm") < 20 || count("rendered") < 10) throw new Unexpected("inventory: too few releases");
}

async function wedge(stage) {
  stage.heading("Move one layer: 22-control-plane, the wedge", [
    "Components, values split into a shared part and one for each environment, charts, ApplicationSets and AppProjects.",
  ]);
  stage.typed("migrate --layer 22-control-plane --write");
  const { stdout, stderr } = await stage.tiphys("migrate --layer 22-control-plane --write");
  stage.show(stdout, { first: 11 });
  stage.show(lastLine(stderr));
  expect(stderr, /^wrote [1-9]\d* files/m, "migrate");
  const component = "gitops/platform/environments/dev/components/platform/control-plane/gateway/component.yaml";
  stage.print();
  stage.print(stage.bold(`$ cat ${component}`));
  stage.show(readFileSync(join(stage.folder, component), "utf8"));

  stage.heading("Prove it", [
    "Both sides are rendered by the same engine, helmfile's way and Argo CD's way, and compared object by object and field",
    "by field. A difference is harmless only under a named rule (docs/proof.md); NOTE counts how often each was used.",
  ]);
  stage.typed("prove --layer 22-control-plane");
  const proof = (await stage.tiphys("prove --layer 22-control-plane")).stdout;
  stage.show(columns(tableOf(proof), ["ENVIRONMENT", "RELEASE", "VERDICT", "EQUAL", "NOTE"]), { first: 9 });
  stage.show(lastLine(proof));
  expect(proof, /^[1-9]\d* proven, 0 different, 0 not proven, 0 not migrated.*: 0 unexplained differences$/m, "prove");
}

async function rest(stage) {
  stage.heading("Move everything else: 24-auth and 40 to 60", [
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
  stage.typed(commandLine);
  const { stdout, stderr } = await stage.tiphys(commandLine);
  stage.show(columns(tableOf(stdout), ["RELEASE", "CLASS", "WAVE", "ENVIRONMENTS", "BLOCKED BY"]));
  stage.show(lastLine(stderr));
  expect(stderr, /^wrote [1-9]\d* files/m, "migrate");
  stage.print();
  stage.print(
    stage.dim(
      "minio's hook creates a Secret, build-stamp's value comes from a command: both stay until somebody decides (docs/reasons.md).",
    ),
  );
}

async function proof(stage) {
  stage.heading("Prove all of it", ["Now also the layers that somebody else moved by hand, long ago."]);
  stage.typed("prove");
  const first = (await stage.tiphys("prove", { exitCodes: [1] })).stdout;
  stage.show(`staging 20-core-operators/operators/redis-operator\n${differenceOf(first, "apps/Deployment/")}`);
  stage.show(lastLine(first));
  expect(first, / 1 different, 0 not proven, /, "prove");
  expect(first, /^staging 20-core-operators\/operators\/redis-operator$/m, "prove");

  stage.print();
  stage.print(
    stage.dim(
      "One is different: in staging, the committed manifests of redis-operator are a version behind. Render them afresh:",
    ),
  );
  stage.print();
  stage.typed("migrate -l name=redis-operator --write");
  const { stderr } = await stage.tiphys("migrate -l name=redis-operator --write");
  stage.show(lastLine(stderr));
  stage.typed("prove -l name=redis-operator");
  const second = (await stage.tiphys("prove -l name=redis-operator")).stdout;
  stage.show(lastLine(second));
  expect(second, /^4 proven, 0 different, 0 not proven, 0 not migrated.*: 0 unexplained differences$/m, "prove");
}

/** The lines of a proof about one object. */
function differenceOf(report, key) {
  const lines = report.split("\n");
  const begin = lines.findIndex((line) => line.trim().startsWith(key));
  const length = lines.slice(begin + 1).findIndex((line) => line === "" || /^ {4}\S/.test(line));
  return [`    ${lines[begin].trim().split("  ")[0]}`, ...lines.slice(begin + 1, begin + 1 + length)].join("\n");
}

async function expandAndRender(stage) {
  stage.heading("What Argo CD will see", [
    "ApplicationSets are expanded and every Application is rendered, without a cluster and without helm.",
  ]);
  stage.typed("apps -e dev");
  const applications = (await stage.tiphys("apps -e dev")).stdout;
  stage.show(columns(applications, ["APPLICATION", "PROJECT", "NAMESPACE", "WAVE", "MADE BY"]), { first: 13 });
  stage.print();
  stage.typed("render -e dev");
  const begun = performance.now();
  const { stdout } = await stage.tiphys("render -e dev");
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const rendered = stdout.match(/^# Application /gm)?.length ?? 0;
  const objects = stdout.match(/^---$/gm)?.length ?? 0;
  stage.show(
    `${rendered} Applications, ${objects} objects, ${stdout.split("\n").length - 1} lines of YAML in ${seconds} s`,
  );
  if (rendered !== applications.trimEnd().split("\n").length - 1)
    throw new Unexpected(`apps names other Applications than the ${rendered} that were rendered`);
}

async function freeze(stage) {
  stage.heading("Keep it so", [
    "Helmfile stays to render, marked as such; guard finds what would still apply it. Your CI runs guard.",
  ]);
  stage.typed("freeze --write");
  const { stdout, stderr } = await stage.tiphys("freeze --write");
  stage.show(stdout, { first: 3, last: 2 });
  stage.show(lastLine(stderr));
  stage.print();
  stage.typed("guard");
  const findings = (await stage.tiphys("guard", { exitCodes: [0, 1] })).stdout;
  stage.show(findings, { first: 11, last: 1 });
}

async function after(stage) {
  stage.heading("Where the estate stands now", [
    "What is open is for people: scripts to change, and releases that wait for a decision.",
  ]);
  stage.typed("status");
  const { stdout } = await stage.tiphys("status");
  stage.show(columns(tableOf(stdout), ["STATE", "WHAT", "EVIDENCE"]));
  stage.show(lastLine(stdout));
  expect(stdout, /^done +Helmfile is render-only/m, "status after");
  expect(stdout, /^done +ApplicationSets render both kinds/m, "status after");
  expect(stdout, /^\S+ +Every release is proven equal in every environment +\d{3} proven(?!.*differ)/m, "status after");
}
