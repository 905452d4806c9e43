import { fromByteString, quoteGo } from "@tiphys/gotemplate";
import { compilePattern, PatternError } from "./pattern.ts";
import type { Format } from "./schema-node.ts";

/* format.go of santhosh-tekuri/jsonschema 6.0.2. Each check gives the library's reason. */

type Check = (text: string) => string | undefined;

function jsonPointer(text: string): string | undefined {
  if (text === "") return undefined;
  if (!text.startsWith("/")) return "not starting with /";
  return /~(?![01])/.test(text) ? "~ must be followed by 0 or 1" : undefined;
}

function relativeJsonPointer(text: string): string | undefined {
  const digits = /^[0-9]*/.exec(text)![0];
  if (digits === "") return "must start with non-negative integer";
  if (digits.length > 1 && digits.startsWith("0")) return "starts with zero";
  const rest = text.slice(digits.length);
  return rest === "#" ? undefined : jsonPointer(rest);
}

function uuid(text: string): string | undefined {
  const lengths = [8, 4, 4, 4, 12];
  const groups = text.split("-");
  if (groups.length !== lengths.length) return "must have 5 elements";
  for (const [index, group] of groups.entries()) {
    if (group.length !== lengths[index]) return `element ${index + 1} must be ${lengths[index]} characters long`;
    const bad = /[^0-9a-fA-F]/.exec(group);
    if (bad) return `non-hex character '${bad[0]}'`;
  }
  return undefined;
}

function duration(text: string): string | undefined {
  if (!text.startsWith("P")) return "must start with P";
  let rest = text.slice(1);
  if (rest === "") return "nothing after P";
  if (rest.endsWith("W")) {
    const weeks = rest.slice(0, -1);
    if (weeks === "") return "no number in week";
    return /^[0-9]+$/.test(weeks) ? undefined : "invalid week";
  }
  const allUnits = ["YMD", "HMS"];
  for (const [index, part] of rest.split("T").entries()) {
    if (index !== 0 && part === "") return "no time elements";
    const all = allUnits[index];
    if (all === undefined) return "more than one T";
    let units = all;
    rest = part;
    while (rest !== "") {
      const digits = /^[0-9]*/.exec(rest)![0];
      if (digits === "") return "missing number";
      const unit = rest[digits.length];
      if (unit === undefined) return "missing unit";
      const at = units.indexOf(unit);
      if (at < 0) return all.includes(unit) ? `unit '${unit}' out of order` : `invalid unit '${unit}'`;
      units = units.slice(at + 1);
      rest = rest.slice(digits.length + 1);
    }
  }
  return undefined;
}

function ipv4(text: string): string | undefined {
  const groups = text.split(".");
  if (groups.length !== 4) return "expected four decimals";
  for (const group of groups) {
    if (group.length > 1 && group.startsWith("0")) return "leading zeros";
    if (!/^[+-]?[0-9]+$/.test(group)) return `strconv.Atoi: parsing ${quoteGo(group)}: invalid syntax`;
    if (Number(group) < 0 || Number(group) > 255) return "decimal must be between 0 and 255";
  }
  return undefined;
}

function ipv6(text: string): string | undefined {
  if (!text.includes(":")) return "missing colon";
  if (text.includes("%")) return "zone id is not a part of ipv6 address";
  return isIpv6(text) ? undefined : `ParseAddr(${quoteGo(text)}): unable to parse IP`;
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [halfIndex, half] of halves.entries()) {
    if (half === "") {
      if (halves.length === 1) return false;
      continue;
    }
    const parts = half.split(":");
    for (const [index, part] of parts.entries()) {
      const isLast = halfIndex === halves.length - 1 && index === parts.length - 1;
      if (isLast && part.includes(".")) {
        if (ipv4(part) !== undefined) return false;
        groups += 2;
      } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups++;
      else return false;
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8;
}

function hostname(text: string): string | undefined {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name.length > 253) return "more than 253 characters long";
  for (const label of name.split(".")) {
    if (label.length < 1 || label.length > 63) return "label must be 1 to 63 characters long";
    if (label.startsWith("-")) return "label starts with hyphen";
    if (label.endsWith("-")) return "label ends with hyphen";
    const bad = /[^a-zA-Z0-9-]/.exec(label);
    if (bad) return `invalid character '${bad[0]}'`;
  }
  return undefined;
}

function email(text: string): string | undefined {
  if (text.length > 254) return "more than 255 characters long";
  const at = text.lastIndexOf("@");
  if (at < 0) return "missing @";
  const local = text.slice(0, at);
  const domain = text.slice(at + 1);
  if (local.length > 64) return "local part more than 64 characters long";
  const reason = emailLocalPart(local);
  if (reason !== undefined) return reason;
  if (domain.startsWith("[") && domain.endsWith("]")) {
    if (domain.slice(1).startsWith("IPv6:")) {
      const bad = ipv6(domain.slice(6));
      return bad === undefined ? undefined : `invalid ipv6 address: ${bad}`;
    }
    const bad = ipv4(domain);
    return bad === undefined ? undefined : `invalid ipv4 address: ${bad}`;
  }
  const bad = hostname(domain);
  return bad === undefined ? undefined : `invalid domain: ${bad}`;
}

function emailLocalPart(local: string): string | undefined {
  if (local.length > 1 && local.startsWith('"')) {
    return /[\\"]/.test(local.slice(1, -1))
      ? "backslash and quote are not allowed within quoted local part"
      : undefined;
  }
  if (local.startsWith(".")) return "starts with dot";
  if (local.endsWith(".")) return "ends with dot";
  if (local.includes("..")) return "consecutive dots";
  const bad = /[^a-zA-Z0-9.!#$%&'*+\-/=?^_`{|}~]/.exec(local);
  return bad ? `invalid character '${bad[0]}'` : undefined;
}

function date(text: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return `parsing time ${quoteGo(text)} as "2006-01-02": cannot parse ${quoteGo(text)} as "2006"`;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12) return `parsing time ${quoteGo(text)}: month out of range`;
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return day < 1 || day > days ? `parsing time ${quoteGo(text)}: day out of range` : undefined;
}

function time(text: string): string | undefined {
  if (text.length < 9) return "less than 9 characters long";
  if (text[2] !== ":" || text[5] !== ":") return "missing colon in correct place";
  const clock = /^(\d\d):(\d\d):(\d\d)/.exec(text);
  if (!clock) return "invalid hour/min/sec";
  let [hours, minutes] = [Number(clock[1]), Number(clock[2])];
  const seconds = Number(clock[3]);
  if (hours > 23 || minutes > 59 || seconds > 60) return "hour/min/sec out of range";
  let rest = text.slice(8);
  if (rest.startsWith(".")) {
    const digits = /^\.([0-9]*)/.exec(rest)![1]!;
    if (digits === "") return "no digits in second fraction";
    rest = rest.slice(digits.length + 1);
  }
  if (rest !== "z" && rest !== "Z") {
    if (rest.length !== 6) return "offset must be 6 characters long";
    if (rest[0] !== "+" && rest[0] !== "-") return "offset must begin with plus/minus";
    if (rest[3] !== ":") return "missing colon in offset in correct place";
    const offset = /^.(\d\d):(\d\d)$/.exec(rest);
    if (!offset) return "invalid hour/min in offset";
    const [offsetHours, offsetMinutes] = [Number(offset[1]), Number(offset[2])];
    if (offsetHours > 23 || offsetMinutes > 59) return "hour/min in offset out of range";
    const sign = rest[0] === "+" ? -1 : 1;
    let total = hours * 60 + minutes + sign * (offsetHours * 60 + offsetMinutes);
    if (total < 0) total += 24 * 60;
    hours = Math.trunc(total / 60);
    minutes = total % 60;
  }
  return seconds >= 60 && (hours !== 23 || minutes !== 59) ? "invalid leap second" : undefined;
}

function dateTime(text: string): string | undefined {
  if (text.length < 20) return "less than 20 characters long";
  if (text[10] !== "t" && text[10] !== "T") return "11th character must be t or T";
  const badDate = date(text.slice(0, 10));
  if (badDate !== undefined) return `invalid date element: ${badDate}`;
  const badTime = time(text.slice(11));
  return badTime === undefined ? undefined : `invalid time element: ${badTime}`;
}

function period(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return "missing slash";
  const start = text.slice(0, slash);
  const end = text.slice(slash + 1);
  const prefix = (what: string, reason: string | undefined) =>
    reason === undefined ? undefined : `invalid ${what}: ${reason}`;
  if (start.startsWith("P")) return prefix("start duration", duration(start)) ?? prefix("end date-time", dateTime(end));
  const badStart = prefix("start date-time", dateTime(start));
  if (badStart !== undefined) return badStart;
  return end.startsWith("P") ? prefix("end duration", duration(end)) : prefix("end date-time", dateTime(end));
}

/** net/url.Parse, as far as it refuses a text. */
function parseUrl(text: string): string | undefined {
  const fail = (reason: string) => `parse ${quoteGo(text)}: ${reason}`;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return fail("net/url: invalid control character in URL");
  }
  if (/^:/.test(text)) return fail("missing protocol scheme");
  const [, scheme, rest] = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?([^#]*)/.exec(text)!;
  if (scheme === undefined && /^[^/?#]*:/.test(text)) return fail("first path segment in URL cannot contain colon");
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text);
  if (badEscape) return fail(`invalid URL escape ${quoteGo(badEscape[0])}`);
  const authority = /^\/\/([^/?]*)/.exec(rest!)?.[1];
  if (authority === undefined) return undefined;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const badHost = /[ "<>\\^`{|}]/.exec(host);
  if (badHost) return fail(`invalid character ${quoteGo(badHost[0])} in host name`);
  const port = host.startsWith("[")
    ? /^\[[^\]]*\](.*)$/.exec(host)?.[1]
    : /(:.*)?$/.exec(host.replace(/^[^:]*/, ""))?.[0];
  if (port === undefined) return fail("missing ']' in host");
  return port === "" || /^:\d*$/.test(port) ? undefined : fail(`invalid port ${quoteGo(port)} after host`);
}

function uri(text: string): string | undefined {
  return parseUrl(text) ?? (/^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? undefined : "relative url");
}

function uriReference(text: string): string | undefined {
  return text.includes("\\") ? "contains \\" : parseUrl(text);
}

function uriTemplate(text: string): string | undefined {
  const bad = parseUrl(text.replace(/[{}]/g, "_"));
  if (bad !== undefined) return bad;
  let isOpen = false;
  for (const character of text) {
    if (character !== "{" && character !== "}") continue;
    if ((character === "{") === isOpen) return "nested curly braces";
    isOpen = !isOpen;
  }
  return isOpen ? "no matching closing brace" : undefined;
}

const semverPattern =
  /^(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

function semver(text: string): string | undefined {
  return semverPattern.test(text) ? undefined : "not a semantic version";
}

function regex(text: string): string | undefined {
  try {
    compilePattern(text);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

const checks: Readonly<Record<string, Check>> = {
  regex,
  "json-pointer": jsonPointer,
  "relative-json-pointer": relativeJsonPointer,
  uuid,
  duration,
  period,
  ipv4,
  ipv6,
  hostname,
  email,
  date,
  time,
  "date-time": dateTime,
  uri,
  iri: (text) => uri(fromByteString(text)),
  "uri-reference": uriReference,
  "iri-reference": (text) => uriReference(fromByteString(text)),
  "uri-template": uriTemplate,
  semver,
};

/** The formats that are checked, by name; all others are accepted. */
export const formats: ReadonlyMap<string, Format> = new Map(
  Object.entries(checks).map(([name, check]) => [name, { name, check }]),
);
