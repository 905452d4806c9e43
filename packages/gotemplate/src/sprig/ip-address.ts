import { quoteGo } from "../strconv/quote.ts";

/** An IP address: 4 or 16 bytes; the zone only with 16. */
export interface IpAddress {
  readonly bytes: readonly number[];
  readonly zone: string;
}

class AddressError extends Error {}

/** `net/netip.ParseAddr` (Go 1.26); gives Go's error text for what is no address. */
export function parseIpAddress(text: string): IpAddress | string {
  const fail = (message: string, rest = ""): never => {
    throw new AddressError(`ParseAddr(${quoteGo(text)}): ${message}${rest === "" ? "" : ` (at ${quoteGo(rest)})`}`);
  };
  try {
    const mark = /[.:%]/.exec(text)?.[0];
    if (mark === ".") return { bytes: readIpv4(text, fail), zone: "" };
    if (mark === ":") return readIpv6(text, fail);
    return fail(mark === "%" ? "missing IPv6 address" : "unable to parse IP");
  } catch (error) {
    if (error instanceof AddressError) return error.message;
    throw error;
  }
}

type Fail = (message: string, rest?: string) => never;

function readIpv4(text: string, fail: Fail): number[] {
  const fields: number[] = [];
  let value = 0;
  let digits = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char >= "0" && char <= "9") {
      if (digits === 1 && value === 0) fail("IPv4 field has octet with leading zero");
      value = value * 10 + Number(char);
      digits++;
      if (value > 255) fail("IPv4 field has value >255");
    } else if (char === ".") {
      if (i === 0 || i === text.length - 1 || text[i - 1] === ".") {
        fail("IPv4 field must have at least one digit", text.slice(i));
      }
      if (fields.length === 3) fail("IPv4 address too long");
      fields.push(value);
      value = 0;
      digits = 0;
    } else fail("unexpected character", text.slice(i));
  }
  if (fields.length < 3) fail("IPv4 address too short");
  return [...fields, value];
}

/** The bytes before the end or an ellipsis, and where the ellipsis stood. */
interface Ipv6Fields {
  readonly bytes: number[];
  readonly ellipsis: number;
}

function readIpv6Fields(address: string, fail: Fail): Ipv6Fields {
  const bytes: number[] = [];
  let rest = address;
  let ellipsis = -1;
  if (rest.startsWith("::")) {
    ellipsis = 0;
    rest = rest.slice(2);
  }
  while (rest !== "" && bytes.length < 16) {
    const hex = /^[0-9a-fA-F]*/.exec(rest)![0];
    if (hex.length > 4) fail("each group must have 4 or less digits", rest);
    if (hex === "") fail("each colon-separated field must have at least one digit", rest);
    if (rest[hex.length] === ".") {
      if (ellipsis < 0 && bytes.length !== 12) {
        fail("embedded IPv4 address must replace the final 2 fields of the address", rest);
      }
      if (bytes.length > 12) fail("too many hex fields to fit an embedded IPv4 at the end of the address", rest);
      return { bytes: [...bytes, ...readIpv4(rest, fail)], ellipsis };
    }
    const field = Number.parseInt(hex, 16);
    bytes.push(field >> 8, field & 255);
    rest = rest.slice(hex.length);
    if (rest === "") break;
    if (rest[0] !== ":") fail("unexpected character, want colon", rest);
    if (rest.length === 1) fail("colon must be followed by more characters", rest);
    rest = rest.slice(1);
    if (rest[0] === ":") {
      if (ellipsis >= 0) fail("multiple :: in address", rest);
      ellipsis = bytes.length;
      rest = rest.slice(1);
    }
  }
  if (rest !== "") fail("trailing garbage after address", rest);
  return { bytes, ellipsis };
}

function readIpv6(text: string, fail: Fail): IpAddress {
  const percent = text.indexOf("%");
  const zone = percent === -1 ? "" : text.slice(percent + 1);
  if (percent !== -1 && zone === "") fail("zone must be a non-empty string");
  const { bytes, ellipsis } = readIpv6Fields(percent === -1 ? text : text.slice(0, percent), fail);
  const missing = 16 - bytes.length;
  if (missing === 0) {
    if (ellipsis >= 0) fail("the :: must expand to at least one field of zeros");
    return { bytes, zone };
  }
  if (ellipsis < 0) fail("address string too short");
  const zeros = Array.from({ length: missing }, () => 0);
  return { bytes: [...bytes.slice(0, ellipsis), ...zeros, ...bytes.slice(ellipsis)], zone };
}
