import { GoNumber, type GoValue } from "@tiphys/gotemplate";

/** The value of a number of any type; undefined for anything else. */
export function numberOf(value: GoValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof GoNumber ? Number(value.value) : undefined;
}

/** Equality as JSON Schema has it: numbers by value, objects and lists deeply. */
export function equalValues(a: GoValue, b: GoValue): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => equalValues(item, b[index]!));
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !equalValues(value, other)) return false;
    }
    return true;
  }
  const number = numberOf(a);
  return number !== undefined && number === numberOf(b);
}

/** The first pair of equal items; undefined when all differ. */
export function findDuplicates(items: readonly GoValue[]): [first: number, second: number] | undefined {
  const seen = new Map<string, number[]>();
  for (let i = 0; i < items.length; i++) {
    const key = bucketOf(items[i]!);
    const before = seen.get(key) ?? [];
    for (const j of before) if (equalValues(items[i]!, items[j]!)) return [j, i];
    before.push(i);
    seen.set(key, before);
  }
  return undefined;
}

function bucketOf(value: GoValue): string {
  const number = numberOf(value);
  if (number !== undefined) return `n${number}`;
  if (typeof value === "string") return `s${value}`;
  if (Array.isArray(value)) return `a${value.length}`;
  return value instanceof Map ? `m${value.size}` : String(value);
}

/** Whether `value` is a whole multiple, in decimal arithmetic as the texts of the numbers say. */
export function isMultipleOf(value: number, divisor: number): boolean {
  const [a, scaleA] = decimal(value);
  const [b, scaleB] = decimal(divisor);
  if (b === 0n) return false;
  const scale = Math.max(scaleA, scaleB);
  return (a * 10n ** BigInt(scale - scaleA)) % (b * 10n ** BigInt(scale - scaleB)) === 0n;
}

function decimal(value: number): [digits: bigint, scale: number] {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))!;
  const fraction = match[3] ?? "";
  const scale = fraction.length - Number(match[4] ?? 0);
  const digits = BigInt(`${match[1]}${match[2]}${fraction}`);
  return scale >= 0 ? [digits, scale] : [digits * 10n ** BigInt(-scale), 0];
}
