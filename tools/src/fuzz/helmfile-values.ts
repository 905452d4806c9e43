import type { Random } from "./random.ts";

/** YAML as it is written: a scalar's own text, a block of text, a list, or a map in order. */
export type Yaml =
  | string
  | { readonly list: readonly Yaml[] }
  | { readonly map: readonly (readonly [string, Yaml])[]; readonly anchor?: string };

/** Scalars of every kind, also those that YAML 1.1 and 1.2 read differently. */
const scalars = [
  "1",
  "0",
  "-7",
  "12345678",
  "1234567890123",
  "9223372036854775807",
  "0x1F",
  "0755",
  "0o17",
  "1_000",
  "1.5",
  "1.0",
  "-0.25",
  "1e3",
  "1.5e-7",
  "100000000000000000000",
  ".5",
  ".inf",
  "true",
  "false",
  "yes",
  "no",
  "on",
  "off",
  "y",
  "n",
  "True",
  "null",
  "~",
  "",
  '""',
  "''",
  "text",
  "two words",
  '"quoted: \\"text\\""',
  "'it''s'",
  "a#b",
  "x:y",
  "2024-01-02",
  "2024-01-02T03:04:05Z",
  "12:30:45",
  "1.2.3",
  "v1.0",
  '"007"',
  "007",
  "'1'",
  '"true"',
  "ümlaut",
  '"tab\\there"',
  "{}",
  "[]",
  "!!str 5",
  "!!int '3'",
  "=",
  "<<a",
  "|\n  line one\n  line two",
  ">-\n  folded\n  text",
  "|-\n  # no comment\n  key: value",
  "|+\n  kept\n\n",
  "http://host:80/p?q=1",
  "a, b",
  '"{{ literal"',
  "'100%'",
  "'@at'",
  "'*star'",
  "'a: b'",
];
const plainScalars = ["1", "2", "true", "false", "text", "other", "1.5", '"8080"', "null", "10Gi", "", "[]", "{}"];
const keys = [
  "a",
  "b",
  "c",
  "image",
  "tag",
  "replicas",
  "env",
  "labels",
  "host",
  "enabled",
  "on",
  "y",
  "deep",
  "with-dash",
  "with.dot",
  '"quoted key"',
  "Upper",
];

/** Maps that are merged into others. */
const mergedKeys: readonly [string, Yaml][] = [
  [
    "base",
    {
      anchor: "base",
      map: [
        ["a", "1"],
        ["b", { list: ["x"] }],
      ],
    },
  ],
  [
    "derived",
    {
      map: [
        ["<<", "*base"],
        ["a", "2"],
      ],
    },
  ],
  ["same", "*base"],
];

/** Random value trees. */
export class ValueGrammar {
  readonly random: Random;
  constructor(random: Random) {
    this.random = random;
  }

  scalar(): string {
    const picked = this.random.pick(this.random.chance(0.45) ? scalars : plainScalars);
    // Nothing that is written as JSON can hold it, so it fails whole commands.
    return picked === ".inf" && !this.random.chance(0.1) ? ".5" : picked;
  }

  map(depth: number, least = 0): Yaml {
    const names = new Set(this.random.list(least, 4, () => this.random.pick(keys)));
    return { map: [...names].map((name) => [name, this.value(depth - 1)]) };
  }

  value(depth: number): Yaml {
    const kind = depth <= 0 ? 0 : this.random.next();
    if (this.random.chance(0.0002)) return { map: [["1", "int key"]] };
    if (kind < 0.6) return this.scalar();
    if (kind < 0.85) return this.map(depth, 1);
    return { list: this.random.list(1, 3, () => this.value(depth - 1)) };
  }

  /** A values document that always has what templates read, with random keys beside. */
  environment(isDefault: boolean): Yaml {
    const { random } = this;
    const entries: [string, Yaml][] = [];
    const sometimes = (name: string, make: () => Yaml, chance = isDefault ? 1 : 0.35): void => {
      if (random.chance(chance)) entries.push([name, make()]);
    };
    sometimes("domain", () => random.pick(["example.org", "dev.test", "'*.x'", "null"].slice(0, isDefault ? 2 : 4)));
    sometimes("count", () => random.pick(["1", "3", "12345678", "0", '"2"']));
    sometimes("feature", () => ({
      map: [
        ["enabled", random.pick(["true", "false", '"true"', "yes"])],
        ...(random.chance(0.3) ? [["extra", this.value(2)] as const] : []),
      ],
    }));
    sometimes("tags", () => ({ list: random.list(0, 3, () => random.pick(["x", "y", "null", "3", "1.0", "{k: v}"])) }));
    sometimes("nested", () => ({
      map: [
        ["inner", this.map(2)],
        ["level", this.scalar()],
      ],
    }));
    if (random.chance(0.06)) entries.push(...mergedKeys);
    for (const name of random.list(0, 2, () => random.pick(keys)))
      if (!entries.some(([known]) => known === name)) entries.push([name, this.value(2)]);
    return { map: entries };
  }
}

/** For files that are templates: nothing in it begins an action by chance. */
export function escapeActions(text: string): string {
  return text.replaceAll("{{ literal", "{ { literal");
}

/** The text of a value below a key; a map or list begins on a line of its own. */
export function writeYaml(value: Yaml, indent = ""): string {
  if (typeof value === "string") return scalarText(value, indent);
  if ("list" in value)
    return value.list.length === 0
      ? `${indent}[]\n`
      : value.list.map((item) => `${indent}- ${inList(item, indent)}`).join("");
  if (value.map.length === 0) return `${indent}{}\n`;
  return value.map.map(([key, item]) => `${indent}${key}:${afterKey(item, indent)}`).join("");
}

function scalarText(text: string, indent: string): string {
  return `${text.replaceAll("\n", `\n${indent}`)}\n`;
}

function afterKey(item: Yaml, indent: string): string {
  if (typeof item === "string") return item === "" ? "\n" : ` ${scalarText(item, indent)}`;
  const isEmpty = "list" in item ? item.list.length === 0 : item.map.length === 0;
  const anchor = "anchor" in item ? ` &${item.anchor}` : "";
  return isEmpty ? `${anchor} ${"list" in item ? "[]" : "{}"}\n` : `${anchor}\n${writeYaml(item, `${indent}  `)}`;
}

function inList(item: Yaml, indent: string): string {
  if (typeof item === "string") return scalarText(item, `${indent}  `);
  return writeYaml(item, `${indent}  `).slice(indent.length + 2);
}
