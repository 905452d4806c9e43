import type { GoValue } from "@tiphys/gotemplate";
import { fixedZone, GoTime, timeFromDate, utc } from "@tiphys/gotemplate/sprig";

/** A `time.Time` that YAML made of an unquoted timestamp; go-yaml writes it back as RFC 3339. */
export class YamlTime extends GoTime {
  readonly #text: string;
  constructor(time: GoTime, text: string) {
    super(time.seconds, time.nanosecond, time.zone);
    this.#text = text;
  }
  goMarshalYaml(): { readonly plain: string } {
    return { plain: this.#text };
  }
}

const dateTime =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]+(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|([-+])(\d\d):(\d\d))?)?$/;

/** The time of a text that go-yaml accepts as a timestamp. */
export function makeTimestamp(text: string): GoValue {
  const match = dateTime.exec(text);
  if (match === null) return text;
  const number = (index: number): number => Number(match[index] ?? 0);
  const two = (index: number): string => String(number(index)).padStart(2, "0");
  const fraction = (match[7] ?? "").slice(0, 9);
  const offset = match[9] === undefined ? 0 : (match[9] === "-" ? -1 : 1) * (number(10) * 3600 + number(11) * 60);
  const zone = offset === 0 ? utc : fixedZone("", offset);
  const time = timeFromDate(
    {
      year: number(1),
      month: number(2),
      day: number(3),
      hour: number(4),
      minute: number(5),
      second: number(6),
      nanosecond: Number(fraction.padEnd(9, "0")),
    },
    zone,
  );
  const trimmed = fraction.replace(/0+$/, "");
  const written = `${match[1]}-${two(2)}-${two(3)}T${two(4)}:${two(5)}:${two(6)}${trimmed === "" ? "" : `.${trimmed}`}${offset === 0 ? "Z" : match[8]}`;
  return new YamlTime(time, written);
}
