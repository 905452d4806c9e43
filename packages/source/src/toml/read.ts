import type { GoValue } from "@tiphys/gotemplate";

/** A TOML document as BurntSushi/toml decodes it into map[string]any: ints are int64, floats float64, dates through `time`. Throws `TomlError`. */
export function readToml(_text: string, _options: { readonly time?: (text: string) => GoValue } = {}): Map<string, GoValue> {
  throw new Error("readToml is not finished");
}

/** Text that is not TOML. */
export class TomlError extends Error {
  override readonly name = "TomlError";
}
