import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { bytesToByteString } from "@tiphys/gotemplate";
import { readYaml, writeYamlV3 } from "@tiphys/source";
import { milliseconds, printTable, spread } from "./figures.ts";

/** `npm run bench -- source [FOLDER]`: reads and writes every YAML document of the manifests in FOLDER (default: what Helm printed for the corpus). */
export function benchSource(args: readonly string[]): number {
  const folder = resolve(args[0] ?? "../shared/corpus/expected");
  if (!existsSync(folder)) {
    console.error(`${folder} is not there`);
    return 2;
  }
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
  const documents = spread(names, 100)
    .flatMap((name) => bytesToByteString(readFileSync(join(folder, name))).split(/^---$/m))
    .filter((document) => isYaml(document));
  const characters = documents.reduce((sum, document) => sum + document.length, 0);
  console.log(`${documents.length} documents, ${(characters / 1e6).toFixed(1)} MB\n`);
  const values = documents.map((document) => readYaml(document).value);
  printTable([
    ["", "first", "best of 3", "MB/s"],
    measure("readYaml, with places", characters, () => documents.forEach((document) => readYaml(document))),
    measure("writeYamlV3", characters, () => values.forEach((value) => writeYamlV3(value))),
  ]);
  return 0;
}

function isYaml(text: string): boolean {
  try {
    readYaml(text);
    return true;
  } catch {
    return false;
  }
}

function measure(what: string, characters: number, run: () => void): string[] {
  const times = Array.from({ length: 4 }, () => {
    const began = performance.now();
    run();
    return performance.now() - began;
  });
  const best = Math.min(...times.slice(1));
  return [what, milliseconds(times[0]!), milliseconds(best), (characters / 1000 / best).toFixed(0)];
}
