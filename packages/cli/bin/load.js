"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

/** What `scripts/bundle.mjs` writes: one folder for each bundle, and a file that names the newest. */
const bundles = path.join(__dirname, "..", "dist", "bundle");

/** Milliseconds after which a run is long enough to look whether V8 has compiled more than what is kept of it; others look one time in so many. */
const longRun = 1000;
const oneRunIn = 8;

/** `main` and `processIo`: from the bundle when there is one and it is as new as the modules, else from the modules. The bundle's name is the `build`. */
async function loadCommandLine() {
  const id = currentBundle();
  if (id === undefined) return import("../dist/main.js");
  const { main, processIo } = new Bundle(path.join(bundles, id), id).load("./main.cjs");
  return { main, processIo, build: id };
}

function currentBundle() {
  const pointer = path.join(bundles, "current");
  const written = modified(pointer);
  if (written === undefined) return undefined;
  // Installed from a registry there is nothing to compare with: the bundle came with the modules.
  for (const name of ["cli", "gotemplate", "source", "helm", "helmfile", "argocd", "estate", "pivot"]) {
    if (modified(path.join(__dirname, "..", "..", name, "dist", ".tsbuildinfo")) > written) return undefined;
  }
  return fs.readFileSync(pointer, "utf8");
}

function modified(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Loads the files of a bundle, with the code that V8 compiled in an earlier run. That code is kept beside the bundle, or in the
 * user's cache folder where the bundle cannot be written. It is never needed: whatever is wrong with it, V8 compiles anew.
 */
class Bundle {
  #folder;
  #id;
  #modules = new Map();
  #started = Date.now();

  constructor(folder, id) {
    this.#folder = folder;
    this.#id = id;
    process.once("exit", () => this.#keepCode());
  }

  load = (name) => {
    if (!name.startsWith("./")) return require(name);
    const loaded = this.#modules.get(name);
    if (loaded !== undefined) return loaded.exports;
    const filename = path.join(this.#folder, name);
    // The bundler wrote only ASCII.
    const source = fs.readFileSync(filename, "latin1");
    const cachedData = this.#keptCode(name);
    const script = new vm.Script(`(function(exports,require,module,__filename){${source}\n})`, {
      filename,
      cachedData,
    });
    const module = { exports: {}, name, script, kept: script.cachedDataRejected === false ? cachedData.length : 0 };
    this.#modules.set(name, module);
    script.runInThisContext()(module.exports, this.load, module, filename);
    return module.exports;
  };

  /** Where compiled code may be, the best place first. Code of another V8 or of other flags is refused by V8, not only told apart here. */
  *#codeFolders() {
    const flags =
      process.execArgv.length === 0
        ? ""
        : `-${Buffer.from(process.execArgv.join()).toString("base64url").slice(0, 100)}`;
    const tag = `${process.versions.v8}-${process.arch}${flags}`;
    yield path.join(this.#folder, `code-${tag}`);
    const home =
      process.env.XDG_CACHE_HOME ||
      (process.env.HOME ? path.join(process.env.HOME, ".cache") : process.env.LOCALAPPDATA);
    if (home) yield path.join(home, "tiphys", "code", `${this.#id}-${tag}`);
  }

  #keptCode(name) {
    for (const folder of this.#codeFolders()) {
      try {
        return fs.readFileSync(path.join(folder, name));
      } catch {
        // Not kept here.
      }
    }
    return undefined;
  }

  #keepCode() {
    const looks = Date.now() - this.#started > longRun || process.pid % oneRunIn === 0;
    for (const { name, script, kept } of this.#modules.values()) {
      if (kept > 0 && !looks) continue;
      const code = script.createCachedData();
      if (code.length > kept * 1.1 && !this.#write(name, code)) return;
    }
  }

  #write(name, code) {
    for (const folder of this.#codeFolders()) {
      try {
        fs.mkdirSync(folder, { recursive: true });
        const temporary = path.join(folder, `.${name.slice(2)}-${process.pid}`);
        fs.writeFileSync(temporary, code);
        fs.renameSync(temporary, path.join(folder, name));
        return true;
      } catch {
        // Not writable: the next place, or without.
      }
    }
    return false;
  }
}

module.exports = { loadCommandLine };
