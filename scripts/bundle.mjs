// Bundles the command line into a few files, so that a process that lives for a tenth of a second does not look for 700 modules.
// `packages/cli/bin/tiphys.js` takes the bundle while nothing that tsc wrote is newer, and the modules themselves otherwise.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = join(root, "packages");

/** What gotemplate loads when a template first needs it (its sprig/libraries.ts): each is a file of its own. */
const libraries = [
  "re2js",
  "bcryptjs",
  "@noble/ciphers/aes.js",
  "@noble/curves/ed25519.js",
  "@noble/curves/nist.js",
  "@noble/hashes/hmac.js",
  "@noble/hashes/legacy.js",
  "@noble/hashes/scrypt.js",
  "@noble/hashes/sha2.js",
];

/**
 * The files that modules go to by their paths, what others import first: a command then loads what it calls. What is in none goes where the
 * bundler finds it best.
 */
const parts = {
  language: /\/packages\/(?:gotemplate|source)\//,
  commander: /\/node_modules\/commander\//,
  yaml: /\/node_modules\/yaml\//,
  typebox: /\/node_modules\/(?:@sinclair\/)?typebox\//,
  helm: /\/packages\/helm\//,
  hcl: /\/packages\/helmfile\/dist\/hcl\//,
  helmfile: /\/packages\/helmfile\//,
  argocd: /\/packages\/argocd\//,
  estate: /\/packages\/estate\//,
  pivot: /\/packages\/pivot\//,
};

const libraryFile = (name) => `library-${name.replaceAll("@", "").replaceAll(/[/.]/g, "-")}`;

/** Node's modules that take milliseconds to start and that most runs never call: asked for where they are used. */
const slowBuiltin =
  /^\t*(?:let|const|var) ([\w$]+) = require\("(node:(?:child_process|crypto|http|https|net|os|tls|zlib))"\);\n/gm;

/** Another file of the bundle, but for those that every command needs; `commander` and the bundler's own would be wanted at once. */
const otherPart = /^(?:let|const|var) ([\w$]+) = require\("(\.\/(?!language|commander|rolldown)[\w-]+\.cjs)"\);\n/gm;

const commonLibrary = /^var ([\w$]+) = (\(require_\w+ \?\?= require\("\.\/yaml-[\w-]+\.cjs"\)\)\.require_\w+\(\));\n/gm;

/** Writes the bundle when a package is newer than it. A test has its own written elsewhere. */
export async function bundle({ into: folder = join(packages, "cli", "dist", "bundle") } = {}) {
  if (!isStale(folder)) return;
  const started = Date.now();
  const chunks = (await build()).map(({ fileName, code }) => [
    fileName,
    ascii(lateParts(lateBuiltins(libraryPaths(code)))),
  ]);
  const hash = createHash("sha256");
  for (const [name, code] of chunks) hash.update(`${name}\n${code.length}\n${code}`);
  const id = hash.digest("hex").slice(0, 16);
  write(folder, id, chunks);
  removeOld(folder, id);
  console.log(`bundled the command line (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

function isStale(folder) {
  const time = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const done = time(join(folder, "current"));
  const sources = readdirSync(packages).map((name) => join(packages, name, "dist", ".tsbuildinfo"));
  return [...sources, join(root, "package-lock.json"), fileURLToPath(import.meta.url)].some(
    (path) => time(path) > done,
  );
}

async function build() {
  const { rolldown } = await import("rolldown");
  const input = { main: join(packages, "cli", "dist", "main.js") };
  for (const name of [...libraries, "fflate"]) input[libraryFile(name)] = name;
  const build = await rolldown({
    cwd: join(packages, "gotemplate"),
    input,
    external: [/^node:/, /^library-/],
    platform: "node",
    plugins: [
      { name: "libraries", transform: provideLibraries },
      {
        name: "fflate",
        resolveId: (id, importer) => (id === "fflate" && importer !== undefined ? { id: "late-fflate" } : null),
        load: lateFflate,
      },
    ],
  });
  const { output } = await build.generate({
    format: "cjs",
    exports: "named",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name]-[hash].cjs",
    codeSplitting: {
      groups: Object.entries(parts).map(([name, path], index) => ({
        name,
        test: (id) => path.test(id.replaceAll("\\", "/")),
        priority: 100 - index,
      })),
    },
  });
  await build.close();
  return output;
}

function provideLibraries(code, id) {
  if (!id.replaceAll("\\", "/").endsWith("/gotemplate/dist/sprig/libraries.js")) return null;
  const getters = libraries.map((name) => `get ${JSON.stringify(name)}() { return require("${libraryFile(name)}"); }`);
  return { code: `${code}\nprovideLibraries({ ${getters.join(", ")} });\n`, map: null };
}

/** fflate fills tables when it is loaded, and only charts in archives need it, and only without a gunzip of Node's. */
function lateFflate(id) {
  if (id !== "late-fflate") return null;
  return 'export const Gunzip = class { constructor(...args) { return new (require("library-fflate").Gunzip)(...args); } };';
}

/** The bundler would read a path in a module as one beside that module. */
function libraryPaths(code) {
  return code.replace(/require\("(library-[\w-]+)"\)/g, 'require("./$1.cjs")');
}

function lateBuiltins(code) {
  return asUsed(code, slowBuiltin, (name, builtin) => `(require("${builtin}"))`);
}

/** Another file of the bundle is loaded where something of it is first used. */
function lateParts(code) {
  const late = asUsed(
    code,
    otherPart,
    (name, file) => `(${name} ??= require("${file}"))`,
    (name) => `let ${name};\n`,
  );
  // What a library in CommonJS gives, once it is asked.
  return asUsed(late, commonLibrary, (name, given) => `(${given})`);
}

/** Takes the lines that match `pattern` away, and puts what `asked` makes of a line's name and value where members of the name are used. */
function asUsed(code, pattern, asked, instead = () => "") {
  const lines = [...code.matchAll(pattern)].map(([, name, value]) => ({ name, value, word: wordPattern(name) }));
  // Used as a whole somewhere, not only by its members.
  const late = lines.filter(({ word }) => code.match(new RegExp(`${word}(?!\\.)`, "g"))?.length === 1);
  const names = new Set(late.map(({ name }) => name));
  let changed = code.replace(pattern, (line, name) => (names.has(name) ? "" : line));
  for (const { name, value, word } of late)
    changed = changed.replaceAll(new RegExp(`${word}(?=\\.)`, "g"), () => asked(name, value));
  return late.map(({ name }) => instead(name)).join("") + changed;
}

/** The name where it is a word of its own and no member of something; `...name` is one. */
function wordPattern(name) {
  return `(?<![\\w$]|(?<!\\.\\.)\\.)${name.replaceAll("$", "\\$")}(?![\\w$])`;
}

/** Only ASCII, so that the file's bytes are the characters and nothing has to be decoded. */
function ascii(code) {
  return code.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A complete folder first, then one small file that names it: a process that starts meanwhile sees the old or the new bundle. */
function write(folder, id, chunks) {
  const target = join(folder, id);
  if (statSync(target, { throwIfNoEntry: false }) === undefined) {
    const temporary = join(folder, `.new-${process.pid}`);
    mkdirSync(temporary, { recursive: true });
    for (const [name, code] of chunks) writeFileSync(join(temporary, name), code, "latin1");
    try {
      renameSync(temporary, target);
    } catch (error) {
      // Somebody else built the same bundle at the same time.
      rmSync(temporary, { recursive: true, force: true });
      if (statSync(target, { throwIfNoEntry: false }) === undefined) throw error;
    }
  }
  const pointer = join(folder, `.current-${process.pid}`);
  writeFileSync(pointer, id);
  renameSync(pointer, join(folder, "current"));
}

/** Bundles that no process can still be reading. */
function removeOld(folder, id) {
  const old = Date.now() - 10 * 60_000;
  for (const name of readdirSync(folder)) {
    if (name === id || name === "current") continue;
    if ((statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) < old)
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}
