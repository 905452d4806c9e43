import type { GoValue } from "@tiphys/gotemplate";

/** BurntSushi/toml's Encoder as Helm's toToml uses it. Throws `TomlError` with Go's text. */
export function writeToml(_value: GoValue): string {
  throw new Error("writeToml is not finished");
}
