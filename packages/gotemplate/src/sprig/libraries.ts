import type * as Aes from "@noble/ciphers/aes.js";
import type * as Ed25519 from "@noble/curves/ed25519.js";
import type * as Nist from "@noble/curves/nist.js";
import type * as Hmac from "@noble/hashes/hmac.js";
import type * as Legacy from "@noble/hashes/legacy.js";
import type * as Scrypt from "@noble/hashes/scrypt.js";
import type * as Sha2 from "@noble/hashes/sha2.js";
import type * as Bcrypt from "bcryptjs";
import type * as Re2 from "re2js";

/**
 * The libraries that take tens of milliseconds to load and that most charts never need. In Node each is loaded when it is
 * first used. Elsewhere they must be given beforehand: `import "@tiphys/gotemplate/libraries"` does it.
 */
export interface Libraries {
  readonly re2js: typeof Re2;
  readonly bcryptjs: typeof Bcrypt;
  readonly "@noble/ciphers/aes.js": typeof Aes;
  readonly "@noble/curves/ed25519.js": typeof Ed25519;
  readonly "@noble/curves/nist.js": typeof Nist;
  readonly "@noble/hashes/hmac.js": typeof Hmac;
  readonly "@noble/hashes/legacy.js": typeof Legacy;
  readonly "@noble/hashes/scrypt.js": typeof Scrypt;
  readonly "@noble/hashes/sha2.js": typeof Sha2;
}

const loaded: Partial<Record<keyof Libraries, unknown>> = Object.create(null);

/** What this module uses of Node's `process`, which is absent in a browser. */
interface NodeProcess {
  getBuiltinModule?(name: string): { createRequire(url: string): (name: string) => unknown } | undefined;
}

let load: ((name: string) => unknown) | undefined;

function nodeLoader(): ((name: string) => unknown) | undefined {
  const node = (globalThis as { process?: NodeProcess }).process;
  return (load ??= node?.getBuiltinModule?.("module")?.createRequire(import.meta.url));
}

/** Gives the libraries where they cannot be loaded on demand: in a browser, in a bundle. A getter is called when its library is used. */
export function provideLibraries(libraries: Libraries): void {
  Object.defineProperties(loaded, Object.getOwnPropertyDescriptors(libraries));
}

/** A library, loaded now if it was not yet. Throws where there is no loader and nobody provided it. */
export function library<Name extends keyof Libraries>(name: Name): Libraries[Name] {
  const present = loaded[name];
  if (present !== undefined) return present as Libraries[Name];
  const loader = nodeLoader();
  if (!loader) throw new Error(`${name} is not loaded: import "@tiphys/gotemplate/libraries" first`);
  return (loaded[name] = loader(name)) as Libraries[Name];
}
