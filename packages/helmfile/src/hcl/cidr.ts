import { func } from "./function.ts";
import type { HclFunction } from "./function.ts";
import { HclError, toNumber, toText } from "./value.ts";

export const cidrFunctions: ReadonlyMap<string, HclFunction> = new Map<string, HclFunction>([
  ["cidrhost", func((prefix, number) => host(toText(prefix!), toNumber(number!)), 2)],
  ["cidrnetmask", func((prefix) => netmask(toText(prefix!)), 1)],
  ["cidrsubnet", func((prefix, newBits, number) => subnet(toText(prefix!), toNumber(newBits!), toNumber(number!)), 3)],
  ["cidrsubnets", func((prefix, ...newBits) => subnets(toText(prefix!), newBits.map(toNumber)), 1, Infinity)],
]);

interface Network {
  readonly address: bigint;
  readonly length: number;
  /** 32 or 128. */
  readonly bits: number;
}

function parseNetwork(text: string): Network {
  const [address = "", length = ""] = text.split("/");
  const isV6 = address.includes(":");
  const bits = isV6 ? 128 : 32;
  const number = isV6 ? parseV6(address) : parseV4(address);
  if (number === undefined || !/^\d+$/.test(length) || Number(length) > bits)
    throw new HclError(`invalid CIDR expression: invalid CIDR address: ${text}`);
  const hostBits = BigInt(bits - Number(length));
  return { address: (number >> hostBits) << hostBits, length: Number(length), bits };
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string): string[] => (half === "" ? [] : half.split(":"));
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 0) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => "0"), ...tail];
  if (all.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return all.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function formatAddress(address: bigint, bits: number): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join(".");
  const groups = Array.from({ length: 8 }, (_none, index) =>
    ((address >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (groups[end] === "0") end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.start < 0) return groups.join(":");
  return `${groups.slice(0, best.start).join(":")}::${groups.slice(best.start + best.length).join(":")}`;
}

function host(prefix: string, number: number): string {
  const { address, length, bits } = parseNetwork(prefix);
  const room = 1n << BigInt(bits - length);
  const offset = BigInt(number) < 0n ? room + BigInt(number) : BigInt(number);
  if (offset < 0n || offset >= room)
    throw new HclError(`prefix of ${length} does not accommodate a host numbered ${number}`);
  return formatAddress(address + offset, bits);
}

function netmask(prefix: string): string {
  const { length, bits } = parseNetwork(prefix);
  return formatAddress(((1n << BigInt(length)) - 1n) << BigInt(bits - length), bits);
}

function subnet(prefix: string, newBits: number, number: number): string {
  const { address, length, bits } = parseNetwork(prefix);
  const longer = length + newBits;
  if (longer > bits) throw new HclError(`insufficient address space to extend prefix of ${length} by ${newBits}`);
  if (BigInt(number) >= 1n << BigInt(newBits))
    throw new HclError(`prefix extension of ${newBits} does not accommodate a subnet numbered ${number}`);
  return `${formatAddress(address + (BigInt(number) << BigInt(bits - longer)), bits)}/${longer}`;
}

function subnets(prefix: string, newBits: readonly number[]): string[] {
  const { address, length, bits } = parseNetwork(prefix);
  const end = address + (1n << BigInt(bits - length));
  let next = address;
  return newBits.map((extra) => {
    const longer = length + extra;
    if (longer > bits)
      throw new HclError(
        `would extend prefix to ${longer} bits, which is too long for an ${bits === 32 ? "IPv4" : "IPv6"} address`,
      );
    const size = 1n << BigInt(bits - longer);
    next = ((next + size - 1n) / size) * size;
    if (next + size > end)
      throw new HclError(`not enough remaining address space for a subnet with a prefix of ${longer} bits`);
    const text = `${formatAddress(next, bits)}/${longer}`;
    next += size;
    return text;
  });
}
