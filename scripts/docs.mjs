// Writes what the code itself knows into docs/: `node scripts/docs.mjs`, or `--check` to compare only. A test runs the check.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, install, root } from "./install.mjs";

install();
await build();
const dist = (name) => import(join(root, "packages", name, "dist", "index.js"));
const { reasons } = await dist("pivot");
const { pivotRules, estateFileSchema, componentSchema } = await dist("estate");
const { main } = await import(join(root, "packages/cli/dist/main.js"));
const { commands } = await import(join(root, "packages/cli/dist/commands.js"));

const note = "<!-- Written by `node scripts/docs.mjs`. -->\n\n";
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

async function help(argv) {
  let text = "";
  const stream = { write: (data) => (text += data), isTTY: false };
  await main(argv, { stdout: stream, stderr: stream, stdin: () => new Uint8Array(), cwd: root, environment: {}, now: () => 0 });
  return text.trimEnd();
}

async function commandPages() {
  let text = `${note}# The command line\n\n\`\`\`\n${await help(["--help"])}\n\`\`\`\n`;
  for (const { name } of commands) text += `\n## tiphys ${name}\n\n\`\`\`\n${await help([name, "--help"])}\n\`\`\`\n`;
  return text;
}

function reasonPages() {
  const effects = {
    stay: "stays rendered",
    convert: "moves, translated",
    person: "moves; somebody must look",
    blocker: "does not move until somebody acts",
  };
  let text = `${note}# Reason codes

Every release carries codes that say what the move does about it. A blocker that somebody has dealt with is listed in \`tiphys.yaml\`:

\`\`\`yaml
releases:
  keycloak-realm: { accept: [helmfile-hook] }
\`\`\`
`;
  for (const reason of reasons.values()) {
    text += `\n## ${reason.code}\n\n${reason.summary}\n\n* Effect: ${effects[reason.effect]}.\n* Tiphys: ${reason.does}\n`;
    if (reason.person !== "") text += `* You: ${reason.person}\n`;
  }
  return text;
}

function rulePage() {
  const rows = pivotRules.map((rule) => `| \`${rule.name}\` | ${cell(rule.why)} |\n`).join("");
  return `${note}# Accepted differences of a proof

A proof pairs objects by group, kind, namespace and name and compares every field. A difference counts as harmless only under one of these
rules, and the report names each use of a rule. Everything else is unexplained, and the proof fails.

| rule | why it is harmless |
|---|---|
${rows}`;
}

const pages = {
  "docs/cli.md": await commandPages(),
  "docs/reasons.md": reasonPages(),
  "docs/proof.md": rulePage(),
  "docs/schemas/estate.schema.json": `${JSON.stringify(estateFileSchema, null, 2)}\n`,
  "docs/schemas/component.schema.json": `${JSON.stringify(componentSchema, null, 2)}\n`,
};

const stale = [];
for (const [path, text] of Object.entries(pages)) {
  const file = join(root, path);
  let current = "";
  try {
    current = readFileSync(file, "utf8");
  } catch {
    // A page that is not there yet is stale.
  }
  if (current === text) continue;
  stale.push(path);
  if (process.argv.includes("--check")) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (process.argv.includes("--check") && stale.length > 0) {
  console.error(`out of date: ${stale.join(", ")}; run node scripts/docs.mjs`);
  process.exit(1);
}
