import { formatGo, goTypeName } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { dirOf } from "../files/filepath.ts";
import { loadHcl } from "../hcl/load.ts";
import { fileSource } from "../provenance/file-source.ts";
import { inlineSource, mergedSources, noSources } from "../provenance/environment-sources.ts";
import type { EnvironmentSource, SourceTree } from "../provenance/environment-sources.ts";
import { castKeys } from "../values/cast-keys.ts";
import { mergeMaps } from "../values/merge-maps.ts";
import { copyMap, isMap, mergeValues } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { copyEnvironment, environmentTemplateData, mergedValues, newEnvironment, sharedValues } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { HelmfileError, isUserFault } from "./error.ts";
import { resolveFile } from "./storage.ts";
import type { Storage } from "./storage.ts";

/** Files, inline maps and HCL files of one `values:` list. */
export interface ValuesRequest {
  readonly storage: Storage;
  readonly handler: string | undefined;
  readonly entries: readonly GoValue[];
  /** What `.gotmpl` files see; undefined for an empty environment. */
  readonly context: Environment | undefined;
  readonly environmentName: string;
  /** "", `override` or `fallback`. */
  readonly mergeStrategy: string;
  /** Told what the values are made of. */
  readonly onSources: (sources: SourceTree) => void;
}

/** pkg/state/envvals_loader.go of helmfile 1.8.0. Throws `HelmfileError`. */
export function loadEnvironmentValues(request: ValuesRequest): ValueMap {
  const { storage, mergeStrategy } = request;
  if (!["", "override", "fallback"].includes(mergeStrategy)) {
    throw new HelmfileError(
      `environment "${request.environmentName}": invalid mergeStrategy "${mergeStrategy}" (must be "override" or "fallback")`,
    );
  }
  let result: ValueMap = new Map();
  let sources: SourceTree;
  const add = (source: EnvironmentSource): void => {
    sources =
      mergeStrategy === "fallback" ? mergedSources("maps", source, sources) : mergedSources("mergo", sources, source);
  };
  const hclFiles: string[] = [];
  for (const entry of request.entries) {
    if (typeof entry === "string") {
      for (const file of resolveFile(storage, request.handler, "environment values", entry) ?? []) {
        if (file.endsWith(".hcl")) hclFiles.push(file);
        else {
          const loaded = loadFile(request, file, { values: result, sources });
          add(loaded);
          result = mergeEntry(result, loaded.values, mergeStrategy);
        }
      }
    } else if (isMap(entry)) {
      add(inlineSource(entry, storage.session.workspace.displayPath(storage.filePath)));
      result = mergeEntry(result, entry, mergeStrategy);
    } else {
      throw new HelmfileError(`unexpected type of value: value=${formatGo("%v", [entry])}, type=${goTypeName(entry)}`);
    }
  }
  if (hclFiles.length > 0) {
    const values = loadHcl(storage.session, hclFiles);
    const origin = { file: hclFiles.map((file) => storage.session.workspace.displayPath(file)).join(", ") };
    add({ kind: "hcl", values: copyMap(values), place: () => ({ origin, reads: [] }) });
    result = mergeEntry(result, values, mergeStrategy);
  }
  request.onSources(sources);
  return result;
}

interface LoadedValues {
  readonly values: ValueMap;
  readonly sources: SourceTree;
}

function loadFile(request: ValuesRequest, file: string, soFar: LoadedValues): EnvironmentSource {
  const { session } = request.storage;
  const environment = request.context ?? newEnvironment(request.environmentName);
  let text: string;
  const seen = (mayChange: boolean): ValueMap => {
    const values = mayChange ? mergedValues(environment) : sharedValues(environment);
    if (!seesSoFar) return values;
    const enriched = copyMap(soFar.values);
    mergeValues(enriched, values);
    return enriched;
  };
  const seesSoFar = request.mergeStrategy === "fallback" && soFar.values.size > 0;
  try {
    text = session.renderer(dirOf(file)).renderFile(file, (mayChange) => {
      const own = mayChange ? copyEnvironment(environment) : environment;
      return environmentTemplateData(own, "", seen(mayChange));
    });
  } catch (error) {
    if (!(error instanceof HelmfileError)) throw error;
    throw new HelmfileError(`failed to load environment values file "${file}": ${error.message}`, error);
  }
  try {
    return fileSource(session, {
      file,
      text,
      values: session.yaml.sharedMap(text),
      seen: () => ({
        values: seen(true),
        environment: seesSoFar ? onTopOf(environment, soFar.sources) : environment,
      }),
      data: (known) => environmentTemplateData(copyEnvironment(environment), "", known),
    });
  } catch (error) {
    if (!isUserFault(error)) throw error;
    const line = (error as { line?: number }).line;
    throw new HelmfileError(
      `failed to load environment values file "${file}": ${error.message}\n\nOffending YAML:\n${text}`,
      {
        code: "yaml-invalid",
        origin: { file: session.workspace.displayPath(file), ...(line === undefined ? {} : { line }) },
      },
    );
  }
}

/** An environment whose `.Values` were laid over those of earlier entries. */
function onTopOf(environment: Environment, soFar: SourceTree): Environment {
  const { defaults, values, cliOverrides } = environment.sources;
  const own = mergedSources("items", mergedSources("maps", defaults, values), cliOverrides);
  return { ...environment, sources: { ...noSources, values: mergedSources("mergo", soFar, own) } };
}

function mergeEntry(target: ValueMap, entry: ValueMap, strategy: string): ValueMap {
  const values = castKeys(entry) as ValueMap;
  if (strategy === "fallback") return mergeMaps(values, target);
  mergeValues(target, values);
  return target;
}
