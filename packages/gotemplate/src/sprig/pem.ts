import { bytesToByteString, byteStringToBytes } from "../value.ts";
import { decodeBase64, encodeBase64 } from "./encoding.ts";

/** One PEM block. */
export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** `pem.EncodeToMemory` of a block without headers. */
export function encodePem(block: PemBlock): string {
  const text = encodeBase64(bytesToByteString(block.bytes));
  const lines = text.match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${block.type}-----\n${lines.map((line) => `${line}\n`).join("")}-----END ${block.type}-----\n`;
}

/** `pem.Decode`: the first well-formed block in a text; undefined when there is none. */
export function decodePem(text: string): PemBlock | undefined {
  const begin = /(?:^|\n)-----BEGIN ([^\n]*?)-----[ \t\r]*(?:\n|$)/g;
  for (let start = begin.exec(text); start; start = begin.exec(text)) {
    const type = start[1]!;
    const bodyStart = start.index + start[0].length;
    const ending = `-----END ${type}-----`;
    const end = text.startsWith(ending, bodyStart) ? bodyStart : text.indexOf(`\n${ending}`, bodyStart);
    if (end === -1) continue;
    const afterEnd = text.slice(end + ending.length + (end === bodyStart ? 0 : 1));
    const body = text.slice(bodyStart, end).replace(/^(?:[^:\n]*:[^\n]*\n)+/, "");
    const decoded = decodeBase64(body.replace(/[ \t\r\n]/g, ""));
    if ("bytes" in decoded && /^[ \t\r]*(?:\n|$)/.test(afterEnd)) {
      return { type, bytes: byteStringToBytes(decoded.bytes) };
    }
    begin.lastIndex = bodyStart - 1;
  }
  return undefined;
}
