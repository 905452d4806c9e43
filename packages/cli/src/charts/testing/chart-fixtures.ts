import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../command.ts";
import { writeChartArchive } from "../chart-archive.ts";

/** A small chart as `.tgz`. */
export function chartArchive(name: string, version: string, files: Readonly<Record<string, string>> = {}): Buffer {
  const all = { "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${version}\n`, ...files };
  return writeChartArchive(
    Object.entries(all).map(([path, content]) => ({
      name: `${name}/${path}`,
      bytes: Buffer.from(content),
      modified: 0,
    })),
  );
}

/** An entry of an index as `helm repo index` writes it. */
export function indexEntry(name: string, version: string, archive: Uint8Array, url = `${name}-${version}.tgz`): string {
  const digest = createHash("sha256").update(archive).digest("hex");
  return `  - apiVersion: v2\n    created: "2026-01-01T00:00:00Z"\n    digest: ${digest}\n    name: ${name}\n    urls:\n    - ${url}\n    version: ${version}\n`;
}

/** An Io without a terminal, in a folder of its own, whose HOME and caches are that folder. */
export interface TestIo extends Io {
  readonly folder: string;
  readonly out: string[];
  readonly err: string[];
  dispose(): void;
}

/** Makes one; call `dispose` in the end. */
export function testIo(environment: Readonly<Record<string, string>> = {}): TestIo {
  const folder = mkdtempSync(join(tmpdir(), "tiphys-charts-"));
  const [out, err]: [string[], string[]] = [[], []];
  const text = (data: string | Uint8Array): string => (typeof data === "string" ? data : Buffer.from(data).toString());
  return {
    folder,
    out,
    err,
    stdout: { write: (data) => void out.push(text(data)), isTTY: false },
    stderr: { write: (data) => void err.push(text(data)), isTTY: false },
    stdin: () => new Uint8Array(),
    cwd: folder,
    environment: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      XDG_CACHE_HOME: join(folder, "cache"),
      ...environment,
    },
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
