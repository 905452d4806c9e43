import { byteStringToBytes } from "../value.ts";
import { bytesOfInteger, joinBytes } from "./der.ts";
import { library } from "./libraries.ts";

/** The Master Password algorithm that sprig's `derivePassword` follows (crypto.go). */

const scope = "com.lyndir.masterpassword";

/** Patterns of each password type; every letter stands for a class of characters. */
const patterns: ReadonlyMap<string, readonly string[]> = new Map([
  ["maximum", ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]],
  [
    "long",
    (
      "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno CvcvnoCvccCvcv " +
      "CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv " +
      "CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno"
    ).split(" "),
  ],
  ["medium", ["CvcnoCvc", "CvcCvcno"]],
  ["short", ["Cvcn"]],
  ["basic", ["aaanaaan", "aannaaan", "aaannaaa"]],
  ["pin", ["nnnn"]],
]);

const vowels = "AEIOU";
const consonants = "BCDFGHJKLMNPQRSTVWXYZ";
const anyCase = vowels + vowels.toLowerCase() + consonants + consonants.toLowerCase();
const digits = "0123456789";

const classes: Readonly<Record<string, string>> = {
  V: vowels,
  C: consonants,
  v: vowels.toLowerCase(),
  c: consonants.toLowerCase(),
  A: vowels + consonants,
  a: anyCase,
  n: digits,
  o: "@&%?,=[]_:-+*$#!'^~;()/.",
  x: `${anyCase}${digits}!@#$%^&*()`,
};

/** What a password is derived from. */
export interface PasswordRequest {
  readonly counter: bigint;
  readonly type: string;
  readonly password: string;
  readonly user: string;
  readonly site: string;
}

function scoped(name: string): Uint8Array {
  return joinBytes(byteStringToBytes(scope), bytesOfInteger(BigInt(name.length), 4), byteStringToBytes(name));
}

/** Keys of earlier calls, by password and user: an estate derives many passwords from the same two. */
const keys = new Map<string, Uint8Array>();
const maxKeys = 256;

/** The key that all passwords of a user are made from. */
function keyOf({ password, user }: PasswordRequest, spend: () => void): Uint8Array {
  const name = `${password.length} ${password}${user}`;
  const known = keys.get(name);
  if (known !== undefined) return known;
  spend();
  const { scrypt } = library("@noble/hashes/scrypt.js");
  const key = scrypt(byteStringToBytes(password), scoped(user), { N: 32_768, r: 8, p: 2, dkLen: 64 });
  if (keys.size >= maxKeys) keys.clear();
  keys.set(name, key);
  return key;
}

/**
 * The same password again for the same request; a message instead when the type is unknown. Calls `spend` before the work of a third
 * of a second that a user's first password takes.
 */
export function derivePassword(request: PasswordRequest, spend: () => void): string {
  const templates = patterns.get(request.type);
  if (!templates) return `cannot find password template ${request.type}`;
  const { hmac } = library("@noble/hashes/hmac.js");
  const message = joinBytes(scoped(request.site), bytesOfInteger(request.counter, 4));
  const seed = hmac(library("@noble/hashes/sha2.js").sha256, keyOf(request, spend), message);
  const pattern = templates[seed[0]! % templates.length]!;
  return [...pattern].map((letter, i) => classes[letter]![seed[i + 1]! % classes[letter]!.length]!).join("");
}
