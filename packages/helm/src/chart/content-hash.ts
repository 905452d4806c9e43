import { sha256 } from "@noble/hashes/sha2.js";
import { byteStringToBytes } from "@tiphys/gotemplate";
import type { ChartFile } from "./chart.ts";

/** SHA-256 over names and contents, in the order of names; hexadecimal. */
export function hashFiles(files: readonly ChartFile[]): string {
  const hash = sha256.create();
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  for (const file of sorted) {
    hash.update(byteStringToBytes(`${file.name.length}:${file.name}${file.bytes.length}:`));
    hash.update(file.bytes);
  }
  return [...hash.digest()].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
