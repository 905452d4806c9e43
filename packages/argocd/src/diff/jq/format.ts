import { byteStringToBytes, bytesToByteString, type GoValue } from "@tiphys/gotemplate";
import { JqError, jqType, preview, toJson } from "./value.ts";

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(text: string): string {
  let out = "";
  for (let at = 0; at < text.length; at += 3) {
    const count = Math.min(3, text.length - at);
    const word = (text.charCodeAt(at) << 16) | ((text.charCodeAt(at + 1) || 0) << 8) | (text.charCodeAt(at + 2) || 0);
    for (let digit = 0; digit < 4; digit++)
      out += digit <= count ? base64Alphabet[(word >> (18 - 6 * digit)) & 63] : "=";
  }
  return out;
}

/** Throws `JqError` for text that is no base64. */
export function decodeBase64(text: string): string {
  const plain = text.replace(/=+$/, "");
  if (plain.length % 4 === 1) throw new JqError(`@base64d cannot be applied to: string (${preview(text)})`);
  const bytes: number[] = [];
  let [word, bits] = [0, 0];
  for (const char of plain) {
    const digit = base64Alphabet.indexOf(char);
    if (digit < 0) throw new JqError(`@base64d cannot be applied to: string (${preview(text)})`);
    word = ((word << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((word >> bits) & 255);
  }
  return bytesToByteString(Uint8Array.from(bytes));
}

function text(value: GoValue): string {
  return typeof value === "string" ? value : toJson(value);
}

const htmlEntities: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "'": "&apos;",
  '"': "&quot;",
};

function encodeUri(value: string): string {
  return Array.from(byteStringToBytes(value), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9_.~-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** Throws `JqError` for a `%` that two hexadecimal digits do not follow. */
function decodeUri(value: string): string {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) throw new JqError(`@urid cannot be applied to: string (${preview(value)})`);
  return value.replace(/%(..)/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

function row(name: string, value: GoValue, separator: string, quote: (text: string) => string): string {
  if (!Array.isArray(value)) throw new JqError(`@${name} cannot be applied to: ${jqType(value)} (${preview(value)})`);
  return value
    .map((item) => {
      if (item === null) return "";
      if (typeof item === "string") return quote(item);
      if (typeof item === "object")
        throw new JqError(`@${name} cannot format an array including: ${jqType(item)} (${preview(item)})`);
      return text(item);
    })
    .join(separator);
}

function shell(value: GoValue): string {
  const items = Array.isArray(value) ? value : [value];
  return items
    .map((item) => {
      if (typeof item === "object" && item !== null)
        throw new JqError(`@sh cannot be applied to: ${jqType(item)} (${preview(item)})`);
      return typeof item === "string" ? `'${item.replaceAll("'", "'\\''")}'` : text(item);
    })
    .join(" ");
}

/** `@name` of a value. Throws `JqError`. */
export function formatText(name: string, value: GoValue): string {
  switch (name) {
    case "@text":
      return text(value);
    case "@json":
      return toJson(value);
    case "@html":
      return text(value).replace(/[<>&'"]/g, (char) => htmlEntities[char] as string);
    case "@uri":
      return encodeUri(text(value));
    case "@urid":
      return decodeUri(text(value));
    case "@csv":
      return row("csv", value, ",", (item) => `"${item.replaceAll('"', '""')}"`);
    case "@tsv":
      return row("tsv", value, "\t", (item) =>
        item.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll("\r", "\\r").replaceAll("\n", "\\n"),
      );
    case "@sh":
      return shell(value);
    case "@base64":
      return encodeBase64(text(value));
    case "@base64d":
      return decodeBase64(text(value));
    default:
      throw new JqError(`format not defined: ${name}`);
  }
}
