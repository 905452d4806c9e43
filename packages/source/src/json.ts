import { FunctionError, type GoValue } from "@tiphys/gotemplate";
import { decodeJson, encodeJson } from "@tiphys/gotemplate/sprig";

/** JSON that encoding/json refuses to read or write. `message` is Go's text, as a byte string. */
export class JsonError extends Error {
  override readonly name = "JsonError";
}

/** json.Marshal; with `escapeHtml: false` as an Encoder with SetEscapeHTML(false), without its final newline. Throws `JsonError`. */
export function writeJson(
  value: GoValue,
  options: { readonly escapeHtml?: boolean; readonly indent?: string } = {},
): string {
  return asJsonError(() => encodeJson(value, options));
}

/** json.Unmarshal into `any`: every number is float64, the last of equal keys wins. Throws `JsonError`. */
export function readJson(text: string): GoValue {
  const { value, error } = asJsonError(() => decodeJson(text));
  if (error !== undefined) throw new JsonError(error.message);
  return value;
}

function asJsonError<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (error instanceof FunctionError) throw new JsonError(error.message);
    throw error;
  }
}
