import type { GoValue } from "@tiphys/gotemplate";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { readYaml, YamlError } from "@tiphys/source";
import type { Io } from "../command.ts";
import { UserError } from "../command.ts";
import { readUserFile } from "../workspace.ts";

/** The ConfigMap argocd-cm as read from a file. */
export interface ArgocdCm {
  readonly value: Map<string, GoValue>;
  readonly file: string;
  /** Where a line of the health script of `group/Kind` stands; its first line when none is given. */
  scriptPlace(groupKind: string, line?: number): Origin;
}

/** Reads the file of `--argocd-cm`. Throws `UserError`. */
export function readArgocdCm(io: Io, file: string): ArgocdCm {
  const text = bytesToByteString(readUserFile(io, file));
  try {
    const document = readYaml(text);
    const { value } = document;
    if (!(value instanceof Map)) throw new UserError(`error: ${file} is no ConfigMap`);
    return {
      value,
      file,
      scriptPlace: (groupKind, line) => {
        const key = `resource.customizations.health.${groupKind.replace("/", "_")}`;
        const place = document.originOf(["data", key]) ?? document.originOf(["data"]);
        if (place === undefined) return { file };
        // Only in a literal block do the script's lines stand as they are.
        const isBlock = text.split("\n")[place.line - 1]?.[place.column - 1] === "|";
        return isBlock && line !== undefined
          ? { file, line: place.line + line, column: 1 }
          : { file, line: place.line, column: place.column };
      },
    };
  } catch (error) {
    if (error instanceof YamlError) throw new UserError(`error: ${file}: ${fromByteString(error.message)}`);
    throw error;
  }
}
