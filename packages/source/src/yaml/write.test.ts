import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GoMap, GoNumber, GoObject, nilSlice, typedSlice, type GoKind, type GoValue } from "@tiphys/gotemplate";
import { JsonError, readJson, writeJson } from "../json.ts";
import { TomlError } from "../toml/error.ts";
import { writeToml } from "../toml/write.ts";
import { YamlError } from "./error.ts";
import { writeYamlV2, writeYamlV3 } from "./write.ts";

type Encoded = readonly [string, (string | readonly Encoded[])?];
type Recorded = { readonly text: string } | { readonly error: string };
type Format = "v2" | "v3 indent 2" | "v3 indent 4" | "toml" | "json";
type Case = { readonly value: Encoded } & Readonly<Partial<Record<Format, Recorded>>>;

const { cases } = JSON.parse(readFileSync(new URL("../../cases/write.json", import.meta.url), "utf8")) as {
  cases: Case[];
};

function decode([kind, content]: Encoded): GoValue {
  const text = content as string;
  const items = content as readonly Encoded[];
  switch (kind) {
    case "n":
      return null;
    case "b":
      return text === "true";
    case "i":
      return BigInt(text);
    case "u":
      return new GoNumber("uint64", BigInt(text));
    case "f":
      return Number(text.replace("+Inf", "Infinity"));
    case "s":
      return text;
    case "a":
      return items.map(decode);
    default: {
      const map = new Map<string, GoValue>();
      for (let i = 0; i < items.length; i += 2) map.set(items[i]![1] as string, decode(items[i + 1]!));
      return map;
    }
  }
}

const writers: Readonly<Record<Format, (value: GoValue) => string>> = {
  v2: writeYamlV2,
  "v3 indent 2": (value) => writeYamlV3(value, { indent: 2 }),
  "v3 indent 4": (value) => writeYamlV3(value),
  toml: writeToml,
  json: writeJson,
};

function record(write: () => string): Recorded {
  try {
    return { text: write() };
  } catch (error) {
    if (error instanceof YamlError || error instanceof TomlError || error instanceof JsonError)
      return { error: error.message };
    throw error;
  }
}

describe("writes as Go does", () => {
  for (const format of Object.keys(writers) as Format[]) {
    test.each(cases.filter((one) => one[format] !== undefined))(`${format} %#`, (one) => {
      expect(record(() => writers[format](decode(one.value)))).toEqual(one[format]);
    });
  }
});

class Release extends GoObject {
  readonly goType: string = "main.Release";
  readonly goKind: GoKind = "struct";
  override goFieldNames(): readonly string[] {
    return ["Name", "IsInstall"];
  }
  override goField(name: string): GoValue | undefined {
    return name === "Name" ? "web" : name === "IsInstall" ? true : undefined;
  }
}

class Moment extends GoObject {
  readonly goType: string = "time.Time";
  readonly goKind: GoKind = "struct";
  goMarshalJson(): string {
    return '"2024-01-02T00:00:00Z"';
  }
}

describe("Go's own types", () => {
  test("structs by their fields", () => {
    expect(writeYamlV2(new Release())).toBe("IsInstall: true\nName: web\n");
    expect(writeYamlV3(new Map([["r", new Release()]]))).toBe("r:\n    name: web\n    isinstall: true\n");
    expect(writeToml(new Map([["r", new Release()]]))).toContain('[r]\n  Name = "web"\n  IsInstall = true\n');
  });

  test("times", () => {
    expect(writeYamlV2(new Map([["t", new Moment()]]))).toBe('t: "2024-01-02T00:00:00Z"\n');
    expect(writeYamlV3(new Map([["t", new Moment()]]))).toBe("t: 2024-01-02T00:00:00Z\n");
    expect(writeToml(new Map([["t", new Moment()]]))).toBe("t = 2024-01-02T00:00:00Z\n");
  });

  test("nil slices and maps, bytes", () => {
    const value = new Map<string, GoValue>([
      ["bytes", typedSlice("[]uint8", [104n, 105n])],
      ["map", new GoMap("map[string]interface {}", null, true)],
      ["slice", nilSlice()],
    ]);
    expect(writeYamlV2(value)).toBe("bytes: aGk=\nmap: null\nslice: null\n");
    expect(writeYamlV3(value, { indent: 2 })).toBe("bytes:\n  - 104\n  - 105\nmap: {}\nslice: []\n");
  });

  test("what contains itself is refused", () => {
    const loop: GoValue[] = [];
    loop.push(loop);
    expect(() => writeYamlV2(loop)).toThrow(YamlError);
    expect(() => writeYamlV3(loop)).toThrow(YamlError);
    expect(() => writeToml(new Map([["a", loop]]))).toThrow(TomlError);
  });
});

describe("JSON", () => {
  test("reads as encoding/json", () => {
    expect(readJson('{"a": [1, 1.5e3, "\\u00e9", null], "__proto__": true}')).toEqual(
      new Map<string, GoValue>([
        ["a", [1, 1500, "\xc3\xa9", null]],
        ["__proto__", true],
      ]),
    );
    expect(() => readJson("{")).toThrow("unexpected end of JSON input");
  });

  test("escapes HTML unless told otherwise", () => {
    expect(writeJson("<a&b>")).toBe('"\\u003ca\\u0026b\\u003e"');
    expect(writeJson("<a&b>", { escapeHtml: false })).toBe('"<a&b>"');
  });
});
