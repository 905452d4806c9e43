import { describe, expect, it } from "vitest";
import { toByteString } from "@tiphys/gotemplate";
import { fromPlain } from "@tiphys/source";
import type { Unstructured } from "../unstructured.ts";
import { LuaHealthError, luaHealth } from "./lua-health.ts";

const thing = fromPlain({ kind: "Thing", status: { phase: "Ready", conditions: [{ type: "A" }, { type: "B" }] } });

function run(script: string, openLibraries = true): unknown {
  return luaHealth(toByteString(script), thing as Unstructured, { openLibraries, now: Date.UTC(2024, 0, 2) });
}

/** What a script makes of an expression, as the message of its verdict. */
function message(expression: string): unknown {
  const verdict = run(`return { status = "Healthy", message = tostring(${expression}) }`) as { message: string };
  return verdict.message;
}

function failure(script: string): LuaHealthError {
  try {
    run(script);
  } catch (error) {
    if (error instanceof LuaHealthError) return error;
    throw error;
  }
  throw new Error("the script did not fail");
}

describe("verdicts", () => {
  it("are tables with a status and a message", () => {
    expect(run('hs = {} hs.status = "Degraded" hs.message = obj.status.phase return hs')).toEqual({
      status: "Degraded",
      message: "Ready",
    });
  });

  it("are Unknown when the status is none", () => {
    expect(run('return { status = "Fine" }')).toMatchObject({ status: "Unknown" });
  });

  it("may be missing", () => {
    expect(run("return nil")).toBeUndefined();
    expect(failure('return "Healthy"').message).toContain("expect table output from Lua script, not string");
  });
});

describe("Lua 5.1 as gopher-lua runs it", () => {
  const cases: readonly (readonly [expression: string, text: string])[] = [
    ["1 + 2 * 3 ^ 2", "19"],
    ["7 % -3", "-2"],
    ["10 / 4", "2.5"],
    ['"a" .. 1 .. true and 1', "1"],
    ["#obj.status.conditions", "2"],
    ["table.getn(obj.status.conditions)", "2"],
    ['string.format("%5.2f|%d|%s|%q", 1.005, 3, "x", "y")', '" 1.00|3|x|\\"y\\""'],
    ['string.gsub("hello world", "o", "0")', "hell0 w0rld"],
    ['string.match("v1.22.3-rc1", "v(%d+)%.(%d+)")', "1"],
    ['string.find("a.b", ".", 1, true)', "2"],
    ["select('#', 1, nil, nil)", "3"],
    ['tonumber("0x10")', "16"],
    ['tonumber("z", 36)', "35"],
    ["pcall(error, 'x')", "false"],
    ["os.time()", "1704153600"],
  ];
  for (const [expression, text] of cases) {
    it(expression, () => {
      const expected = text.startsWith('"') ? (JSON.parse(text) as string) : text;
      if (expression.includes(" .. true")) expect(() => message(expression)).toThrow("cannot perform concat operation");
      else expect(message(expression)).toBe(expected);
    });
  }

  it("gives users' scripts no libraries but base and table", () => {
    const script = 'return { status = "Healthy", message = type(string) .. type(math) .. type(os) .. type(table) }';
    expect(run(script, false)).toMatchObject({ message: "nilnilniltable" });
  });

  it("accepts goto with labels", () => {
    const script = `
      local seen = ""
      for i, condition in ipairs(obj.status.conditions) do
        if condition.type == "A" then goto continue end
        seen = seen .. condition.type
        ::continue::
      end
      return { status = "Healthy", message = seen }`;
    expect(run(script)).toEqual({ status: "Healthy", message: "B" });
  });
});

describe("faults", () => {
  it("name the line", () => {
    const error = failure("local hs = {}\nhs.status = obj.spec.missing.deep\nreturn hs");
    expect(error.line).toBe(2);
    expect(error.message).toContain("attempt to index a non-table object(nil) with key 'missing'");
  });

  it("are found while reading", () => {
    expect(failure("if x then\nreturn {}").message).toContain("at EOF");
  });
});

describe("scripts that would not end or grow without bound", () => {
  const endless: readonly string[] = [
    "while true do end",
    "repeat until false",
    "for i = 1, math.huge do end",
    "local function f() return f() end return f()",
    "local function f() return 1 + f() end return f()",
    'local s = "x" while true do s = s .. s end',
    "local t = {} while true do t[#t + 1] = {} end",
    'return string.rep("x", 1e12)',
    'local s = string.rep("a", 30000) return string.find(s, string.rep("a*", 30) .. "b")',
    "pcall(function() while true do end end) while true do end",
    "local t = {} for i = 1, 1e9 do t[i] = i end",
    "local t = setmetatable({}, { __index = function(t, k) return t[k] end }) return t.x",
    'return { message = string.rep("x", 1e6):gsub(".", string.rep("y", 1e6)) }',
  ];
  for (const script of endless) {
    it(script, () => {
      const started = performance.now();
      expect(() => run(script)).toThrow(LuaHealthError);
      expect(performance.now() - started).toBeLessThan(20_000);
    });
  }

  it("text nested without end", () => {
    expect(() => run(`return ${"(".repeat(100_000)}`)).toThrow(LuaHealthError);
  });
});
