// The pages of docs/ that the code itself writes. `scripts/docs.mjs` gives it what was built, the test of the pages the sources.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosticCodes, rulesInCode } from "./diagnostic-codes.mjs";

const note = "<!-- Written by `node scripts/docs.mjs`. -->\n\n";
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/**
 * Path → content, for every written page. `product` has `main`, `commands`, `reasons`, `pivotRules`, `estateFileSchema`,
 * `componentSchema` and `readPlainYaml` (text to plain data).
 */
export async function pages(root, product) {
  const text = (path) => readFileSync(join(root, path), "utf8");
  return {
    "README.md": commandTable(text("README.md"), product.commands),
    "docs/cli.md": await commandPages(root, product),
    "docs/reasons.md": reasonPages(product.reasons),
    "docs/proof.md": rulePage(product.pivotRules),
    "docs/diagnostics.md": diagnosticPage(product.readPlainYaml(text("docs/diagnostics.yaml")), rulesInCode(root)),
    "docs/tiphys-yaml.md": settingsPage(
      "# tiphys.yaml",
      estateIntroduction(text("examples/reference-estate/tiphys.yaml")),
      product.estateFileSchema,
    ),
    "docs/component-yaml.md": settingsPage("# component.yaml", componentIntroduction, product.componentSchema),
    "docs/schemas/estate.schema.json": `${JSON.stringify(product.estateFileSchema, null, 2)}\n`,
    "docs/schemas/component.schema.json": `${JSON.stringify(product.componentSchema, null, 2)}\n`,
  };
}

/** Codes that neither docs/diagnostics.yaml nor their own module describes, and descriptions of codes that no source makes. */
export function undescribedCodes(root, product) {
  const described = Object.values(
    product.readPlainYaml(readFileSync(join(root, "docs/diagnostics.yaml"), "utf8")),
  ).flatMap(Object.keys);
  const made = [...diagnosticCodes(root).keys()];
  const rules = rulesInCode(root);
  return {
    missing: made.filter((code) => !described.includes(code) && !rules.has(code)),
    stale: described.filter((code) => !made.includes(code)),
  };
}

function commandTable(readme, commands) {
  const rows = commands.map(({ name, summary }) => `| \`${name}\` | ${cell(summary)} |\n`).join("");
  return readme.replace(
    /(<!-- commands -->\n)[^]*?(<!-- \/commands -->)/,
    (_, begin, end) => `${begin}| command | does |\n|---|---|\n${rows}${end}`,
  );
}

async function commandPages(root, { main, commands }) {
  const help = async (argv) => {
    let text = "";
    const stream = { write: (data) => (text += data), isTTY: false };
    await main(argv, {
      stdout: stream,
      stderr: stream,
      stdin: () => new Uint8Array(),
      cwd: root,
      environment: {},
      now: () => 0,
    });
    return text.trimEnd();
  };
  let text = `${note}# The command line\n\n\`\`\`\n${await help(["--help"])}\n\`\`\`\n`;
  for (const { name } of commands) text += `\n## tiphys ${name}\n\n\`\`\`\n${await help([name, "--help"])}\n\`\`\`\n`;
  return text;
}

function reasonPages(reasons) {
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

function rulePage(rules) {
  const rows = rules.map((rule) => `| \`${rule.name}\` | ${cell(rule.why)} |\n`).join("");
  return `${note}# Accepted differences of a proof

A proof pairs objects by group, kind, namespace and name and compares every field. A difference counts as harmless only under one of these
rules, and the report names each use of a rule. Everything else is unexplained, and the proof fails.

| rule | why it is harmless |
|---|---|
${rows}`;
}

function diagnosticPage(sections, rules) {
  let text = `${note}# Diagnostics

A diagnostic has a severity, a code, one sentence, a place (file, line, column and the line itself) and, where there is one, a fix:

\`\`\`
warning[component-wave-unquoted]: wave 54 is not quoted: ApplicationSets read numbers as floats, 1000000 becomes 1e+06
 --> gitops/platform/environments/dev/components/apps/tools/echo/component.yaml:5:7 (wave)
5 | wave: 54
  |       ^
  fix: write wave: "54"
\`\`\`

Codes are stable. The codes of \`inventory\` that say why a release moves or stays are in [reasons.md](reasons.md).
`;
  const chapters = [
    ...Object.entries(sections),
    ...(rules.size === 0 ? [] : [["Rules of check", Object.fromEntries(rules)]]),
  ];
  for (const [title, codes] of chapters) {
    text += `\n## ${title}\n\n| code | means |\n|---|---|\n`;
    for (const [code, meaning] of Object.entries(codes).filter(
      ([code, meaning]) => rules.get(code) === undefined || rules.get(code) === meaning,
    ))
      text += `| \`${code}\` | ${cell(meaning)} |\n`;
  }
  return text;
}

const estateIntroduction = (
  example,
) => `What Tiphys cannot guess about a workspace, in a file at its root. Every key is optional, and so is the file. A key that is not in this
table is an error; the message proposes the nearest one. For completion in an editor, begin the file with the modeline that names the
[schema](schemas/estate.schema.json).

\`\`\`yaml
${example.trimEnd()}
\`\`\`
`;

const componentIntroduction = `One component is one folder below \`environments/ENV/components/TIER/GROUP/\` with a \`component.yaml\`, and becomes one Application in its
environment. With \`chart\` Argo CD renders the chart; without, it applies the manifests in the folder. A file named
\`component.disabled.yaml\` parks the component: no ApplicationSet sees it. \`tiphys migrate\` writes these files and keeps what people
changed in them. For completion in an editor, begin the file with the modeline that names the [schema](schemas/component.schema.json).

\`\`\`yaml
name: platform-envoy-gateway
tier: platform
project: platform
namespace: envoy-gateway-system
wave: "30"
chart:
  repoURL: oci://docker.io/envoyproxy
  chart: gateway-helm
  version: 1.5.4
  releaseName: envoy-gateway
syncOptions: [CreateNamespace=true]
\`\`\`
`;

function settingsPage(title, introduction, schema) {
  return `${note}${title}\n\n${introduction}\n| key | takes | |\n|---|---|---|\n${settingRows(schema, "").join("")}`;
}

/** A row for each key below a schema, parents first. */
function settingRows(schema, path) {
  const children = [
    ...Object.entries(schema.properties ?? {}).map(([name, child]) => [path === "" ? name : `${path}.${name}`, child]),
    ...(typeof schema.additionalProperties === "object"
      ? [[path === "" ? "NAME" : `${path}.NAME`, schema.additionalProperties]]
      : []),
  ];
  return children.flatMap(([name, child]) => {
    const isNamedValue = name.endsWith(".NAME") && child.properties === undefined;
    const row =
      name.endsWith(".NAME") && !isNamedValue
        ? []
        : [`| \`${name}\` | ${cell(takes(child))} | ${cell(child.description ?? "")} |\n`];
    return isNamedValue ? [] : [...row, ...settingRows(child, name)];
  });
}

function takes(schema) {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(", ");
  if (schema.type === "array")
    return `list of ${schema.items.type}s${schema.minItems === undefined ? "" : ` (${schema.minItems})`}`;
  if (schema.type === "object" && schema.properties === undefined && typeof schema.additionalProperties === "object") {
    return schema.additionalProperties.properties === undefined
      ? `map of ${schema.additionalProperties.type}s`
      : "map by name";
  }
  return [schema.type].flat().join(" or ");
}
