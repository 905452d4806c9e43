import type { Unstructured } from "../unstructured.ts";
import { isHealthStatusCode, type HealthStatus } from "./health-status.ts";
import { LuaSyntaxError } from "./lua/lex.ts";
import { runLua, type RunLuaOptions } from "./lua/run.ts";
import { LuaLimit, LuaRaise } from "./lua/state.ts";
import { LuaTable } from "./lua/table.ts";
import { luaType, type LuaValue } from "./lua/value.ts";

/** A script that failed, ran too long, or returned what is no verdict. `line` is a line of the script. */
export class LuaHealthError extends Error {
  override readonly name = "LuaHealthError";
  readonly line: number | undefined;
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/**
 * What a script says of an object; undefined when it says nothing. Throws `LuaHealthError`.
 * Mirrors Argo CD v3.6.1 util/lua/lua.go ExecuteHealthLua.
 */
export function luaHealth(script: string, object: Unstructured, options: RunLuaOptions): HealthStatus | undefined {
  let value: LuaValue;
  try {
    value = runLua(script, object, options);
  } catch (error) {
    if (error instanceof LuaSyntaxError || error instanceof LuaRaise || error instanceof LuaLimit) {
      throw new LuaHealthError(error.message, error.line);
    }
    throw error;
  }
  if (value === undefined) return undefined;
  if (!(value instanceof LuaTable))
    throw new LuaHealthError(`expect table output from Lua script, not ${luaType(value)}`);
  return healthOfTable(value);
}

const noHealth: HealthStatus = { status: "", message: "" };

function healthOfTable(table: LuaTable): HealthStatus {
  checkEncodable(table, new Set());
  const fields: Record<string, string> = { status: "", message: "", deletionmessage: "" };
  const entries = entriesOf(table).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
  // A list (an empty table is one) or a field of another type decodes into nothing.
  if (entries.length === 0 || typeof entries[0]?.[0] !== "string") return noHealth;
  for (const [key, value] of entries) {
    const name = String(key).toLowerCase();
    if (!Object.hasOwn(fields, name)) continue;
    if (typeof value !== "string") return noHealth;
    fields[name] = value;
  }
  const { status = "", message = "", deletionmessage = "" } = fields;
  if (!isHealthStatusCode(status)) return { status: "Unknown", message: "Lua returned an invalid health status" };
  return deletionmessage === "" ? { status, message } : { status, message, deletionMessage: deletionmessage };
}

function entriesOf(table: LuaTable): [LuaValue, LuaValue][] {
  const entries: [LuaValue, LuaValue][] = [];
  for (let entry = table.next(undefined); entry !== undefined; entry = table.next(entry[0]))
    entries.push([entry[0], entry[1]]);
  return entries;
}

/** What gopher-json refuses to write as JSON. */
function checkEncodable(value: LuaValue, visited: Set<LuaTable>): void {
  const refuse = (message: string): never => {
    throw new LuaHealthError(`json: error calling MarshalJSON for type json.jsonValue: ${message}`);
  };
  const type = luaType(value);
  if (type === "function" || type === "userdata") refuse(`cannot encode ${type} to JSON`);
  if (typeof value === "number" && !Number.isFinite(value))
    refuse(`json: unsupported value: ${value > 0 ? "+Inf" : value < 0 ? "-Inf" : "NaN"}`);
  if (!(value instanceof LuaTable)) return;
  if (visited.has(value)) refuse("cannot encode recursively nested tables to JSON");
  visited.add(value);
  const entries = entriesOf(value);
  const keyType = luaType(entries[0]?.[0]);
  if (keyType !== "nil" && keyType !== "number" && keyType !== "string")
    refuse("cannot encode mixed or invalid key types");
  entries.forEach(([key, entry], index) => {
    if (luaType(key) !== keyType) refuse("cannot encode mixed or invalid key types");
    if (keyType === "number" && key !== index + 1) refuse("cannot encode sparse array");
    checkEncodable(entry, visited);
  });
}
