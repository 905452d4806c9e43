import type { GoObject, GoValue } from "@tiphys/gotemplate";
import { decodeJson, type JsonMarshaler } from "@tiphys/gotemplate/sprig";

/** The text that a Go object marshals to where it is no struct: a time, a version. `bare` means YAML and TOML write it without quotes. */
export interface MarshaledText {
  readonly text: string;
  readonly bare: boolean;
}

/** What an object's own marshaler gives when that is text; undefined for plain structs. */
export function marshaledText(value: GoObject): MarshaledText | undefined {
  const { goMarshalJson } = value as GoObject & Partial<JsonMarshaler>;
  if (goMarshalJson === undefined) return undefined;
  const text: GoValue = decodeJson(goMarshalJson.call(value)).value;
  return typeof text === "string" ? { text, bare: value.goType === "time.Time" } : undefined;
}
