/** Loads all libraries that sprig needs now, for browsers and bundles, where they cannot be loaded on demand. */
import * as aes from "@noble/ciphers/aes.js";
import * as ed25519 from "@noble/curves/ed25519.js";
import * as nist from "@noble/curves/nist.js";
import * as hmac from "@noble/hashes/hmac.js";
import * as legacy from "@noble/hashes/legacy.js";
import * as scrypt from "@noble/hashes/scrypt.js";
import * as sha2 from "@noble/hashes/sha2.js";
import * as bcrypt from "bcryptjs";
import * as re2 from "re2js";
import { provideLibraries } from "./sprig/libraries.ts";

provideLibraries({
  re2js: re2,
  bcryptjs: bcrypt,
  "@noble/ciphers/aes.js": aes,
  "@noble/curves/ed25519.js": ed25519,
  "@noble/curves/nist.js": nist,
  "@noble/hashes/hmac.js": hmac,
  "@noble/hashes/legacy.js": legacy,
  "@noble/hashes/scrypt.js": scrypt,
  "@noble/hashes/sha2.js": sha2,
});
