import { quoteGo } from "@tiphys/gotemplate";
import type { ChartWarning } from "./chart/chart.ts";
import type { Profile } from "./profile.ts";

/** A line of stderr as the profile's Helm writes it, with its line break. */
export function formatLogLine(line: ChartWarning, profile: Profile): string {
  // Helm 3 has other words for its work, with times.
  if (profile.logStyle === "log" && line.level === "DEBUG") return "";
  if (profile.logStyle === "log")
    return `${line.message === "this chart is deprecated" ? "WARNING: This chart is deprecated" : line.message}\n`;
  let text = `level=${line.level} msg=${slogValue(line.message)}`;
  for (const [name, value] of line.attributes ?? [])
    text += ` ${name}=${line.hasByteValues === true ? quoteGo(value) : slogValue(value)}`;
  return `${text}\n`;
}

/** log/slog's text handler quotes what holds blanks, `=`, quotes or anything unprintable. */
function slogValue(value: string): string {
  return /^[!#-<>-~]+$/.test(value) ? value : quoteGo(value);
}
