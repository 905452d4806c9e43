import type { GoValue } from "@tiphys/gotemplate";
import { notPlain } from "./plain-quoted.ts";
import * as R from "./resolve.ts";

/** The value of a scalar without quotes, as both dialects resolve it; what only the exact decoders know is not plain. */
export function resolvePlain(text: string, v3: boolean): GoValue {
  const kind = R.scalarKind(text, v3);
  switch (kind) {
    case R.STRING:
      return text;
    case R.TIMESTAMP:
      if (v3) throw notPlain;
      return text;
    case R.NULL:
      return null;
    case R.TRUE:
      return true;
    case R.FALSE:
      return false;
    case R.INT:
      return v3 ? R.resolvedValue(R.INT, text, true) : R.integerAsFloat(text, false);
    case R.FLOAT: {
      const value = R.resolvedValue(R.FLOAT, text, v3);
      if (typeof value === "number" && Number.isFinite(value)) return value;
    }
  }
  throw notPlain;
}
