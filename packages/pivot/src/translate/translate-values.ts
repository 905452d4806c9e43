import type { GoValue } from "@tiphys/gotemplate";
import { bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { ValuesLayer } from "@tiphys/helm";
import { defaultProfile, HelmEngine, HelmError, mergeLayers } from "@tiphys/helm";
import type { Diagnostic } from "@tiphys/source";
import { writeYamlV3 } from "@tiphys/source";
import type { ReleaseOccurrence } from "../inventory-model.ts";
import type { SourceText } from "./compose.ts";
import { composeValuesFile } from "./compose.ts";
import { splitValues } from "./split-values.ts";

export interface TranslatedValues {
  /** Text of the value file of all environments; "" for none. */
  readonly shared: string;
  /** Text of each environment's own value file; "" for none. */
  readonly perEnvironment: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The value files of one release: what all environments share, and the rest of each. `engine` remembers value files that were read. */
export function translateValues(occurrences: readonly ReleaseOccurrence[], engine: HelmEngine): TranslatedValues {
  const diagnostics: Diagnostic[] = [];
  const values: Map<string, GoValue>[] = [];
  const usable: ReleaseOccurrence[] = [];
  for (const occurrence of occurrences) {
    const { source } = occurrence.installation;
    if (source.kind !== "helm") continue;
    try {
      values.push(mergeLayers(source.valuesLayers, source.sets, (text) => engine.readValues(text, defaultProfile)));
      usable.push(occurrence);
    } catch (error) {
      if (!(error instanceof HelmError)) throw error;
      diagnostics.push({
        code: error.code,
        severity: "error",
        message: fromByteString(error.message),
        origin: occurrence.origin,
      });
    }
  }
  const split = splitValues(values);
  const texts = usable.map(sourceTexts);
  const shared = composeValuesFile(split.shared, texts[0] ?? []);
  const perEnvironment = new Map(
    usable.map((occurrence, index) => [
      occurrence.environment,
      composeValuesFile(split.perEnvironment[index]!, texts[index]!),
    ]),
  );
  return { shared, perEnvironment, diagnostics };
}

function sourceTexts(occurrence: ReleaseOccurrence): SourceText[] {
  const { source } = occurrence.installation;
  return source.kind === "helm" ? source.valuesLayers.map(sourceText) : [];
}

function sourceText(layer: ValuesLayer): SourceText {
  if (layer.kind === "inline")
    return {
      name: layer.name,
      text: fromByteString(writeYamlV3(layer.values)),
      note: `From the inline values of ${layer.origin.file}.`,
    };
  const text = fromByteString(bytesToByteString(layer.content));
  return layer.origin.file.endsWith(".gotmpl")
    ? { name: layer.name, text, note: `Results of ${layer.origin.file}, written down.` }
    : { name: layer.name, text };
}
