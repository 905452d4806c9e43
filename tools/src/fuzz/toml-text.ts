import type { Random } from "./random.ts";

const keys = ["a", "b", "a.b", '"q k"', "'l'", "a.'x.y'", "1", "-_", "é", '""', "a . b", "__proto__", "true"];
const scalars = [
  "1",
  "-0",
  "+7",
  "0x1F",
  "0o17",
  "0b101",
  "1_000",
  "1__0",
  "_1",
  "007",
  "1.5",
  "-.5",
  "5.",
  "1e3",
  "1E-2",
  "1_0.2_5e+1_0",
  "inf",
  "-inf",
  "nan",
  "+nan",
  "9223372036854775808",
  "99999999999999999999999",
  "1e999",
  "true",
  "True",
  '"text"',
  '"esc \\t \\u00e9 \\U0001F600 \\x41 \\e"',
  '"bad \\q"',
  '"open',
  "'lit \\n'",
  '"""\nmulti\\\n   line"""',
  "'''\nraw ''quotes''''''",
  '""""quotes"""""',
  "2024-01-02",
  "2024-02-30",
  "2024-01-02T03:04:05Z",
  "2024-01-02 03:04:05.123456789+01:30",
  "2024-01-02T03:04:05",
  "03:04:05",
  "03:04:05.5",
  "25:00:00",
  "2024-01-02T03:04Z",
  "[1, 2]",
  "[1, 'a', 2.5]",
  "[ # c\n 1,\n]",
  "[[1], []]",
  "[1 2]",
  "{x = 1, y = {z = 2}}",
  "{x = 1,}",
  "{x.y = 1, x.z = 2}",
  "{}",
  "",
];
const noise = [
  "=",
  '"',
  "'",
  "[",
  "]",
  "{",
  "}",
  ".",
  ",",
  "#",
  "\n",
  "\r",
  "\t",
  "\u0000",
  "\\",
  "é",
  " ",
  "0",
  "_",
  "-",
  ":",
  "T",
];

/** A TOML document with plausible and wrong keys, tables and values, of which some letters are then changed. */
export function tomlText(random: Random): string {
  let text = random.list(1, 5, () => line(random)).join(random.pick(["\n", "\n", "\n\n", "\r\n"]));
  for (let changes = random.chance(0.5) ? 0 : 1 + random.below(3); changes > 0; changes--) text = changed(random, text);
  return text;
}

function line(random: Random): string {
  const roll = random.next();
  if (roll < 0.6) return `${random.pick(keys)} = ${random.pick(scalars)}${random.chance(0.1) ? " # c" : ""}`;
  if (roll < 0.75) return `[${random.pick(keys)}]`;
  if (roll < 0.87) return `[[${random.pick(keys)}]]`;
  if (roll < 0.93) return random.pick(["# comment", "#\u0001", "", "  ", "\t# é"]);
  return random.pick(["[", "[[a]", "a", "a =", "= 1", "a = 1 b = 2", "[a]x", "[ a . b ]", "[]", "a.b.c = {d = 1}"]);
}

function changed(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const roll = random.next();
  if (roll < 0.4) return text.slice(0, at) + text.slice(at + 1);
  if (roll < 0.8) return text.slice(0, at) + random.pick(noise) + text.slice(at);
  return text.slice(0, at);
}
