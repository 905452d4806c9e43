import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToByteString, type GoValue } from "@tiphys/gotemplate";
import { readYaml, splitYamlDocuments, toPlain } from "@tiphys/source";

export type KubernetesObject = Map<string, GoValue>;

/** Every object of a YAML file as apimachinery's decoder reads it; `…List` objects are opened up, empty documents left out. */
export function readObjects(file: string): KubernetesObject[] {
  return splitYamlDocuments(bytesToByteString(readFileSync(file))).flatMap((text) => {
    const value = readYaml(text).value;
    if (!(value instanceof Map)) return [];
    const [kind, items] = [value.get("kind"), value.get("items")];
    if (typeof kind === "string" && kind.endsWith("List") && Array.isArray(items)) {
      return items.filter((item): item is KubernetesObject => item instanceof Map);
    }
    return [value];
  });
}

/** The one object of a file; undefined when there is no such file. */
export function readObject(folder: string, name: string): KubernetesObject | undefined {
  const file = join(folder, name);
  return existsSync(file) ? readObjects(file)[0] : undefined;
}

/** A YAML file as plain data; undefined when there is no such file. */
export function readPlain(folder: string, name: string): unknown {
  const file = join(folder, name);
  return existsSync(file) ? toPlain(readYaml(bytesToByteString(readFileSync(file))).value) : undefined;
}

/** `options.json` of a case. */
export function readOptions(folder: string): Readonly<Record<string, unknown>> {
  const file = join(folder, "options.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>) : {};
}
