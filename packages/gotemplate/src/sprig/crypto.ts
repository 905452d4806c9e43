import { spend } from "../work.ts";
import { define, FunctionError } from "../function.ts";
import { byteStringToBytes, bytesToByteString, type CallContext, fromByteString, type GoFunction } from "../value.ts";
import { joinBytes } from "./der.ts";
import { derivePassword } from "./derive-password.ts";
import { decodeBase64, encodeBase64 } from "./encoding.ts";
import { library } from "./libraries.ts";
import { checkSlice } from "./panics.ts";

type Hash = (message: Uint8Array) => Uint8Array;

function hex(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) out += byte.toString(16).padStart(2, "0");
  return out;
}

function defineHash(name: string, hash: () => Hash): GoFunction {
  return define(name, "func(string) string", (_, text: string) => hex(hash()(byteStringToBytes(text))));
}

function adler32(text: string): number {
  let low = 1;
  let high = 0;
  for (let i = 0; i < text.length; i++) {
    low = (low + text.charCodeAt(i)) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

/** bcrypt with Go's cost 10; a message instead for a password beyond 72 bytes. */
function bcrypt(context: CallContext, password: string): string {
  spend(context, 80);
  if (password.length > 72) {
    return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
  }
  const { encodeBase64: encodeSalt, hashSync } = library("bcryptjs");
  const salt = `$2a$10$${encodeSalt(context.random.bytes(16), 16)}`;
  const { random } = context;
  return random.bcryptHash?.(fromByteString(password), salt) ?? hashSync(fromByteString(password), salt);
}

function aesKey(password: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(byteStringToBytes(password.slice(0, 32)));
  return key;
}

function encryptAes(context: CallContext, password: string, text: string): string {
  if (text === "") return "";
  const iv = context.random.bytes(16);
  const { cbc } = library("@noble/ciphers/aes.js");
  return encodeBase64(bytesToByteString(joinBytes(iv, cbc(aesKey(password), iv).encrypt(byteStringToBytes(text)))));
}

/** Sprig's `decryptAES`, which trusts the padding's last byte. */
function decryptAes(password: string, encoded: string): string {
  if (encoded === "") return "";
  const decoded = decodeBase64(encoded);
  if ("corruptAt" in decoded) throw new FunctionError(`illegal base64 data at input byte ${decoded.corruptAt}`);
  const crypt = byteStringToBytes(decoded.bytes);
  // Go slices up to the capacity of the decoder's buffer.
  checkSlice(0, 16, Math.floor(encoded.length / 4) * 3, "slice");
  checkSlice(16, crypt.length, crypt.length, "slice");
  if (crypt.length % 16 !== 0) throw new FunctionError("crypto/cipher: input not full blocks");
  if (crypt.length === 16) throw new FunctionError("runtime error: index out of range [-1]");
  const { cbc } = library("@noble/ciphers/aes.js");
  const cipher = cbc(aesKey(password), crypt.subarray(0, 16), { disablePadding: true });
  const plain = cipher.decrypt(crypt.subarray(16));
  const end = plain.length - plain.at(-1)!;
  checkSlice(0, end, plain.length, "slice");
  return bytesToByteString(plain.subarray(0, end));
}

function randomBase64(context: CallContext, count: bigint): string {
  if (count < 0n) throw new FunctionError("runtime error: makeslice: len out of range");
  if (count > 64n * 1024n * 1024n) throw new FunctionError(`unsupported: ${count} random bytes`);
  return encodeBase64(bytesToByteString(context.random.bytes(Number(count))));
}

function uuid(context: CallContext): string {
  const bytes = Uint8Array.from(context.random.bytes(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Sprig's hashes, passwords and encryption. From crypto.go. Random bytes come from the context. */
export const cryptoFunctions: readonly GoFunction[] = [
  defineHash("sha1sum", () => library("@noble/hashes/legacy.js").sha1),
  defineHash("sha256sum", () => library("@noble/hashes/sha2.js").sha256),
  defineHash("sha512sum", () => library("@noble/hashes/sha2.js").sha512),
  define("adler32sum", "func(string) string", (_, text: string) => adler32(text).toString()),
  define("bcrypt", "func(string) string", bcrypt),
  define("htpasswd", "func(string, string) string", (context, user: string, password: string) =>
    user.includes(":") ? `invalid username: ${user}` : `${user}:${bcrypt(context, password)}`,
  ),
  define(
    "derivePassword",
    "func(uint32, string, string, string, string) string",
    (context, counter: bigint, type: string, password: string, user: string, site: string) =>
      derivePassword({ counter, type, password, user, site }, () => spend(context, 250)),
  ),
  define("encryptAES", "func(string, string) string", encryptAes),
  define("decryptAES", "func(string, string) string", (_, password: string, encoded: string) =>
    decryptAes(password, encoded),
  ),
  define("randBytes", "func(int) string", randomBase64),
  define("uuidv4", "func() string", uuid),
];
