// The codes of every Diagnostic that the sources can make, found by how they are written.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** These give reason codes of releases, which have their own page. */
const reasonFiles = /^pivot\/src\/(?:reasons|classify|inventory)\.ts$/;

/** Where a code stands: after `code:` or `code =`, in a type or constant for codes, or as the first argument of what makes a fault. */
const places = [
  /\bcode\b\s*[:=](?!=)\s*([^;,\n)]*)/g,
  /(?:Code|Denied) =\s*([^;]*)/g,
  /\bcode \?\? ([^;,\n]*)/g,
  /(?:HelmError|ChartFetchError|found\.add)\(\s*("[a-z-]+")/g,
  /yamlDiagnostic\([^()]*, ("[a-z-]+")\)/g,
];

/** Files that are checked against a schema give two codes each: `${prefix}-invalid` and `${prefix}-unknown-key`. */
const schemaPrefixes = new Set(["component", "estate-file"]);

/** Code → the files below `packages/` that make it, both sorted. */
export function diagnosticCodes(root) {
  const codes = new Map();
  const add = (code, file) => codes.set(code, new Set([...(codes.get(code) ?? []), file]));
  for (const file of sources(join(root, "packages"))) {
    if (reasonFiles.test(file)) continue;
    for (const code of codesIn(readFileSync(join(root, "packages", file), "utf8"))) {
      if (schemaPrefixes.has(code)) ["invalid", "unknown-key"].forEach((ending) => add(`${code}-${ending}`, file));
      else if (code.includes("-")) add(code, file);
    }
  }
  return new Map(
    [...codes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, files]) => [code, [...files].toSorted()]),
  );
}

/** Code → sentence, for rules whose module says both. */
export function rulesInCode(root) {
  const rules = new Map();
  for (const file of sources(join(root, "packages"))) {
    if (reasonFiles.test(file)) continue;
    const text = readFileSync(join(root, "packages", file), "utf8");
    for (const [, code, summary] of text.matchAll(/\bcode: "([a-z-]+)",\s*summary:\s*"([^"]*)"/g))
      rules.set(code, summary);
  }
  return new Map([...rules].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function codesIn(text) {
  return places.flatMap((place) =>
    [...text.matchAll(place)].flatMap(([, words]) =>
      [...words.matchAll(/(?<!=== )["`]([a-z]+(?:-[a-z]+)*)["`]/g)].map(([, code]) => code),
    ),
  );
}

function sources(packages) {
  return readdirSync(packages, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.endsWith(".test.ts"))
    .map((entry) => relative(packages, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .filter((file) => /^[a-z]+\/src\//.test(file) && !file.includes("/testing/"));
}
