import { define } from "../function.ts";
import { deepEqual, goKind, goTypeName } from "../reflect.ts";
import type { GoFunction, GoValue } from "../value.ts";

/** `%T` of a value: `<nil>` for nil. */
function typeOf(value: GoValue): string {
  return value === null ? "<nil>" : goTypeName(value);
}

function kindOf(value: GoValue): string {
  return value === null ? "invalid" : goKind(value);
}

/** Sprig's questions about types. From reflect.go. */
export const reflectionFunctions: readonly GoFunction[] = [
  define("typeOf", "func(interface {}) string", (_, value: GoValue) => typeOf(value)),
  define("typeIs", "func(string, interface {}) bool", (_, target: string, value: GoValue) => target === typeOf(value)),
  define("typeIsLike", "func(string, interface {}) bool", (_, target: string, value: GoValue) => {
    const type = typeOf(value);
    return target === type || `*${target}` === type;
  }),
  define("kindOf", "func(interface {}) string", (_, value: GoValue) => kindOf(value)),
  define("kindIs", "func(string, interface {}) bool", (_, target: string, value: GoValue) => target === kindOf(value)),
  define("deepEqual", "func(interface {}, interface {}) bool", (_, a: GoValue, b: GoValue) => deepEqual(a, b)),
];
