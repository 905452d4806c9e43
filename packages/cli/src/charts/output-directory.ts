import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fromByteString } from "@tiphys/gotemplate";
import { printDocument, type RenderedDocument, type RenderResult } from "@tiphys/helm";

export interface OutputDirectory {
  /** As given; relative to `cwd`. */
  readonly directory: string;
  readonly cwd: string;
  /** Name of the subfolder with `--release-name`; "" for none. */
  readonly release: string;
}

/** `--output-dir`: writes each document to its file and returns what Helm prints about it. */
export function writeOutputDirectory(result: RenderResult, target: OutputDirectory): string {
  const withRelease = target.release === "" ? target.directory : join(target.directory, target.release);
  const written = new Set<string>();
  let printed = "";
  for (const document of result.documents) {
    // Helm puts CRDs beside the release's folder, not into it.
    printed += write(
      document,
      { ...target, directory: document.isCrdFile ? target.directory : withRelease },
      written.has(document.path),
    );
    written.add(document.path);
  }
  for (const hook of result.hooks) {
    const exists = existsSync(resolve(target.cwd, withRelease, fromByteString(hook.path)));
    printed += write(hook, { ...target, directory: withRelease }, exists);
  }
  return `${printed}\n`;
}

function write(document: RenderedDocument, target: OutputDirectory, append: boolean): string {
  const name = `${target.directory}/${fromByteString(document.path)}`;
  const path = resolve(target.cwd, name);
  mkdirSync(dirname(path), { recursive: true });
  const content = Buffer.from(printDocument(document), "latin1");
  if (append) appendFileSync(path, content);
  else writeFileSync(path, content);
  return `wrote ${name}\n`;
}
