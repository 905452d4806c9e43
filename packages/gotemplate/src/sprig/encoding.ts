import { define } from "../function.ts";
import type { GoFunction } from "../value.ts";

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A decoded text, or where the input went wrong as `CorruptInputError` counts it. */
export type Decoded = { readonly bytes: string } | { readonly corruptAt: number };

/** Standard base64 with padding of a byte string. */
export function encodeBase64(bytes: string): string {
  return btoa(bytes);
}

function isLineEnd(char: string | undefined): boolean {
  return char === "\n" || char === "\r";
}

const wellFormedBase64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** `base64.StdEncoding.DecodeString`: padding wanted, line ends skipped, trailing bits not checked. */
export function decodeBase64(text: string): Decoded {
  if (text.length % 4 === 0 && wellFormedBase64.test(text)) return { bytes: atob(text) };
  let bytes = "";
  let at = 0;
  for (;;) {
    const quantum = readBase64Quantum(text, at);
    if ("corruptAt" in quantum) return quantum;
    bytes += quantum.bytes;
    if (quantum.ends) return { bytes };
    at = quantum.at;
  }
}

type Quantum = { readonly bytes: string; readonly at: number; readonly ends: boolean } | { readonly corruptAt: number };

/** Up to four characters, as `decodeQuantum` of Go's base64.go. */
function readBase64Quantum(text: string, start: number): Quantum {
  const values: number[] = [];
  let at = start;
  while (values.length < 4) {
    if (at === text.length) {
      if (values.length === 0) return { bytes: "", at, ends: true };
      return { corruptAt: at - values.length };
    }
    const char = text[at++]!;
    const value = base64Alphabet.indexOf(char);
    if (value >= 0) values.push(value);
    else if (isLineEnd(char)) continue;
    else if (char !== "=" || values.length < 2) return { corruptAt: at - 1 };
    else {
      const rest = readBase64Padding(text, at, values.length);
      if (rest !== undefined) return { corruptAt: rest };
      break;
    }
  }
  const [a = 0, b = 0, c = 0, d = 0] = values;
  const whole = String.fromCharCode((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d);
  return { bytes: whole.slice(0, values.length - 1), at, ends: values.length < 4 };
}

/** Checks what follows the first `=`; gives where it is wrong. */
function readBase64Padding(text: string, start: number, digits: number): number | undefined {
  let at = start;
  if (digits === 2) {
    while (isLineEnd(text[at])) at++;
    if (at === text.length) return text.length;
    if (text[at] !== "=") return at - 1;
    at++;
  }
  while (isLineEnd(text[at])) at++;
  return at < text.length ? at : undefined;
}

function encodeBase32(bytes: string): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 5) {
    const chunk = bytes.slice(i, i + 5);
    let bits = "";
    for (let j = 0; j < chunk.length; j++) bits += chunk.charCodeAt(j).toString(2).padStart(8, "0");
    let digits = "";
    for (let j = 0; j < bits.length; j += 5) {
      digits += base32Alphabet[Number.parseInt(bits.slice(j, j + 5).padEnd(5, "0"), 2)]!;
    }
    out += digits.padEnd(8, "=");
  }
  return out;
}

/** `base32.StdEncoding.DecodeString`, which drops line ends before it counts. */
function decodeBase32(text: string): Decoded {
  const input = text.replace(/[\r\n]/g, "");
  let bytes = "";
  for (let at = 0; at < input.length;) {
    const values: number[] = [];
    let ended = false;
    while (values.length < 8 && !ended) {
      if (at >= input.length) return { corruptAt: input.length - values.length };
      const char = input[at++]!;
      if (char === "=" && values.length >= 2 && input.length - at < 8) {
        const problem = checkBase32Padding(input, at, values.length);
        if (problem !== undefined) return { corruptAt: problem };
        ended = true;
        break;
      }
      const value = base32Alphabet.indexOf(char);
      if (value < 0) return { corruptAt: at - 1 };
      values.push(value);
    }
    const bits = values.map((value) => value.toString(2).padStart(5, "0")).join("");
    const count = values.length === 8 ? 5 : { 7: 4, 5: 3, 4: 2, 2: 1 }[values.length]!;
    for (let i = 0; i < count; i++) bytes += String.fromCharCode(Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
    if (ended) break;
  }
  return { bytes };
}

/** Checks the padding after its first `=`; gives where `decode` of Go's base32.go calls it corrupt. */
function checkBase32Padding(input: string, at: number, digits: number): number | undefined {
  const left = input.length - at;
  if (left + digits < 7) return input.length;
  for (let i = 0; i < 7 - digits; i++) {
    if (left > i && input[at + i] !== "=") return at + i - 1;
  }
  if (digits === 1 || digits === 3 || digits === 6) return at - 1;
  return undefined;
}

/** Sprig's `b64dec` and `b32dec` give the error's text for a result. */
function decodedOrError(decoded: Decoded, encoding: "base64" | "base32"): string {
  if ("bytes" in decoded) return decoded.bytes;
  return `illegal ${encoding} data at input byte ${decoded.corruptAt}`;
}

/** Sprig's base64 and base32. */
export const encodingFunctions: readonly GoFunction[] = [
  define("b64enc", "func(string) string", (_, text: string) => encodeBase64(text)),
  define("b64dec", "func(string) string", (_, text: string) => decodedOrError(decodeBase64(text), "base64")),
  define("b32enc", "func(string) string", (_, text: string) => encodeBase32(text)),
  define("b32dec", "func(string) string", (_, text: string) => decodedOrError(decodeBase32(text), "base32")),
];
