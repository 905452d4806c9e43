import { readFileSync, statSync } from "node:fs";
import { toByteString } from "@tiphys/gotemplate";
import { loadChart, loadChartArchive, type Chart, type ChartWarning, type Profile } from "@tiphys/helm";
import type { Io } from "../command.ts";
import { TemplateArgumentError } from "./argument-error.ts";
import { ChartFolder } from "./chart-folder.ts";
import { nodeGunzip } from "./node-gunzip.ts";

/** `loader.Load`: the chart at an absolute path, with a notice of each link that was followed. Throws `HelmError`, `FileTreeError` and `TemplateArgumentError`. */
export function openChart(path: string, profile: Profile, io: Io): Chart {
  if (!statSync(path).isDirectory()) return openArchive(path, profile);
  const folder = new ChartFolder(path, io.cwd);
  return withLinks(loadChart(folder, "", { profile, gunzip: nodeGunzip, displayPath: toByteString(path) }), folder);
}

function withLinks(chart: Chart, folder: ChartFolder): Chart {
  const links = folder.links.map(({ path, resolved }): ChartWarning => ({
    level: "INFO",
    message: "found symbolic link in path. Contents of linked file included and used",
    attributes: [
      ["path", toByteString(path)],
      ["resolved", toByteString(resolved)],
    ],
  }));
  return links.length === 0 ? chart : { ...chart, warnings: [...links, ...chart.warnings] };
}

function openArchive(path: string, profile: Profile): Chart {
  const content = readFileSync(path);
  assertArchive(content, path);
  return loadChartArchive(content, { profile, gunzip: nodeGunzip, displayPath: toByteString(path) });
}

/** `EnsureArchive` (pkg/chart/loader/archive). Throws `TemplateArgumentError` for a file that does not begin like a gzipped one. */
export function assertArchive(content: Uint8Array, path: string): void {
  if (content[0] === 0x1f && content[1] === 0x8b && content[2] === 0x08) return;
  const reason = /\.ya?ml$/.test(path)
    ? "seems to be a YAML file, but expected a gzipped archive"
    : `does not appear to be a gzipped archive; got '${contentType(content)}'`;
  throw new TemplateArgumentError(`file '${toByteString(path)}' ${reason}`);
}

/** The few answers of Go's http.DetectContentType that a file in place of a chart gets. */
function contentType(content: Uint8Array): string {
  // Helm looks at a buffer of 512 bytes, which a shorter file leaves full of zeros.
  const head = Buffer.from(content.subarray(0, 512)).toString("latin1").padEnd(512, "\0");
  if (head.startsWith("PK\x03\x04")) return "application/zip";
  if (head.startsWith("%PDF-")) return "application/pdf";
  if (/^[\t\n\f\r ]*<(?:!doctype html|html|head|body|script)[ >]/i.test(head)) return "text/html; charset=utf-8";
  if (/^[\t\n\f\r ]*<\?xml/.test(head)) return "text/xml; charset=utf-8";
  return /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(head) ? "application/octet-stream" : "text/plain; charset=utf-8";
}
