import type { GoValue } from "@tiphys/gotemplate";
import { YamlError } from "@tiphys/source";
import type { Origin, YamlNode } from "@tiphys/source";
import { extensionOf } from "../files/filepath.ts";
import type { Session } from "../session/session.ts";
import { environmentSpecSchema, helmStateSchema, subHelmfileSpecMapSchema } from "../spec/helm-state.ts";
import type { EnvironmentSpec, HelmStateSpec, SubHelmfileSpec } from "../spec/helm-state.ts";
import { decodesIntoAnything } from "../spec/decodes-into-anything.ts";
import { mergeStructs } from "../spec/merge.ts";
import { lateOrigins, readOrigins, setOrigins } from "../spec/release-origins.ts";
import type { Locate, ReleaseOrigins } from "../spec/release-origins.ts";
import { releaseSpecSchema, templateSpecSchema } from "../spec/release-spec.ts";
import { anyType, zeroStruct } from "../spec/schema.ts";
import type { Struct } from "../spec/schema.ts";
import { stateUnmarshalers } from "../spec/unmarshalers.ts";
import { mergeMaps } from "../values/merge-maps.ts";
import { copyMap, isMap, mergeValues } from "../values/mergo.ts";
import type { ValueMap } from "../values/mergo.ts";
import { mergedSources, noSources, setEntryOrigin } from "../provenance/environment-sources.ts";
import type { SourceTree } from "../provenance/environment-sources.ts";
import { loadEnvironmentValues } from "./environment-values-loader.ts";
import { joinRemotes, joinSources, newEnvironment } from "./environment.ts";
import type { Environment } from "./environment.ts";
import { loadEnvironmentSecrets } from "./environment-secrets.ts";
import { HelmfileError, isUserFault, wrapError } from "./error.ts";
import type { HelmState } from "./helm-state.ts";
import type { Storage } from "./storage.ts";

/* pkg/state/create.go of helmfile 1.8.0. */

/** Loads a base: its spec, decoded and with its environment values loaded. */
export type BaseLoader = (path: string) => HelmState;

/** Decodes the documents of one part and merges them. Throws `HelmfileError` with helmfile's text. */
export function parseState(session: Session, content: string, file: string, locate: Locate): HelmStateSpec {
  const state = zeroStruct(helmStateSchema) as HelmStateSpec;
  state.filepath = file;
  let index = 1;
  try {
    for (const node of session.yaml.documents(content)) {
      const next = decodeDocument(session, node, { locate, file: session.workspace.displayPath(file) });
      next.filepath = file;
      mergeStructs(helmStateSchema, state as Struct, next as Struct, { override: true, appendSlice: true });
      index++;
    }
  } catch (error) {
    if (!isUserFault(error)) throw error;
    const hint =
      extensionOf(file) === ".gotmpl" ? "" : ". Started seeing this since Helmfile v1? Add the .gotmpl file extension";
    const line = /line (\d+):/.exec(error.message)?.[1] ?? (error instanceof YamlError ? error.line : undefined);
    const origin = line === undefined ? undefined : locate(Number(line), 1);
    throw new HelmfileError(`failed to read ${file}: reading document at index ${index}${hint}: ${error.message}`, {
      code: "helmfile-invalid",
      origin: origin ?? { file: session.workspace.displayPath(file) },
    });
  }
  return state;
}

/** HelmState.UnmarshalYAML: once into a map, which finds doubled keys, then strictly. */
function decodeDocument(
  session: Session,
  node: YamlNode,
  { locate, file }: { readonly locate: Locate; readonly file: string },
): HelmStateSpec {
  if (!decodesIntoAnything(node)) session.yaml.decodeStrictly(node, { kind: "map", of: anyType }, new Map());
  return session.yaml.decodeStrictly(
    node,
    { kind: "struct", schema: helmStateSchema },
    stateUnmarshalers,
    (schema, at, value) => {
      if (schema === releaseSpecSchema || schema === templateSpecSchema)
        setOrigins(value, readOrigins(at, locate, file));
      else if (schema === environmentSpecSchema || schema === helmStateSchema || schema === subHelmfileSpecMapSchema)
        rememberEntries(value["values"], readOrigins(at, locate, file));
      if (schema === helmStateSchema) rememberLayers(value["helmfiles"], readOrigins(at, locate, file));
    },
  ) as HelmStateSpec;
}

function rememberEntries(values: unknown, origins: ReleaseOrigins): void {
  ((values ?? []) as GoValue[]).forEach((entry, index) => {
    if (isMap(entry)) setEntryOrigin(entry, () => origins.lists.get("values")?.[index]);
  });
}

function rememberLayers(layers: unknown, origins: ReleaseOrigins): void {
  ((layers ?? []) as SubHelmfileSpec[]).forEach((layer, index) => {
    const find = (): Origin => origins.lists.get("helmfiles")?.[index]?.origin ?? { file: origins.file };
    setOrigins(
      layer,
      lateOrigins(origins.file, () => ({ origin: find(), lists: new Map() })),
    );
  });
}

/** Environments of `source` on top of `target`'s: lists of values and secrets grow. */
function mergeEnvironmentSpecs(
  target: Map<string, EnvironmentSpec>,
  source: Map<string, EnvironmentSpec> | undefined,
): void {
  for (const [name, later] of source ?? []) {
    const earlier = target.get(name);
    if (earlier === undefined) {
      target.set(name, later);
      continue;
    }
    const mergeStrategy = later.mergeStrategy !== "" ? later.mergeStrategy : earlier.mergeStrategy;
    const [first, second] = mergeStrategy === "fallback" ? [later, earlier] : [earlier, later];
    target.set(name, {
      secrets: [...(earlier.secrets ?? []), ...(later.secrets ?? [])],
      kubeContext: later.kubeContext !== "" ? later.kubeContext : earlier.kubeContext,
      missingFileHandler: later.missingFileHandler ?? earlier.missingFileHandler,
      missingFileHandlerConfig: later.missingFileHandlerConfig ?? earlier.missingFileHandlerConfig,
      mergeStrategy,
      values: [...(first.values ?? []), ...(second.values ?? [])],
    });
  }
}

/** The part's own spec on top of its bases'. */
export function mergeBases(own: HelmStateSpec, loadBase: BaseLoader): HelmStateSpec {
  if ((own.bases ?? []).length === 0) return own;
  const layers = [...own.bases!.map((path) => loadBase(path).spec), own];
  const merged = layers[0]!;
  for (const layer of layers.slice(1)) {
    merged.environments ??= new Map();
    mergeEnvironmentSpecs(merged.environments, layer.environments);
    const withoutEnvironments = { ...layer, environments: undefined };
    mergeStructs(helmStateSchema, merged as Struct, withoutEnvironments as Struct, {
      override: true,
      appendSlice: true,
    });
  }
  return merged;
}

export interface EnvironmentRequest {
  readonly storage: Storage;
  readonly spec: HelmStateSpec;
  readonly name: string;
  /** What is known before this part. */
  readonly context: Environment | undefined;
}

/** The environment after this part's `environments` and `values`. Throws `HelmfileError`. */
export function loadEnvironment(request: EnvironmentRequest): Environment {
  const { storage, spec, context } = request;
  const { session } = storage;
  session.takeRemotes();
  const environment = readingState(spec.filepath, () => loadFromSpec(request));
  let made: SourceTree;
  const defaults = loadEnvironmentValues({
    storage,
    handler: undefined,
    entries: spec.values ?? [],
    context,
    environmentName: request.name,
    mergeStrategy: "",
    onSources: (sources) => (made = sources),
  });
  environment.remotes = joinRemotes(context?.remotes ?? [], session.takeRemotes());
  if (defaults.size === 0) return environment;
  const merged = copyMap(environment.defaults);
  mergeValues(merged, defaults);
  environment.defaults = merged;
  environment.sources = {
    ...environment.sources,
    defaults: mergedSources("mergo", environment.sources.defaults, made),
  };
  return environment;
}

function readingState<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw wrapError(`failed to read ${file}`, error);
  }
}

function loadFromSpec({ storage, spec, name, context }: EnvironmentRequest): Environment {
  const own = spec.environments?.get(name);
  const environment = newEnvironment(name);
  environment.kubeContext = own?.kubeContext ?? "";
  if (own !== undefined)
    environment.values = loadSpecValues(storage, spec, own, {
      name,
      context,
      onSources: (values) => void (environment.sources = { ...noSources, values }),
    });
  if (context === undefined) return environment;
  environment.sources = joinSources(context.sources, environment.sources);
  environment.defaults = mergeMaps(context.defaults, environment.defaults);
  environment.values = mergeMaps(context.values, environment.values);
  environment.cliOverrides = mergeMaps(environment.cliOverrides, context.cliOverrides, "merge");
  if (context.name !== "") environment.name = context.name;
  if (context.kubeContext !== "") environment.kubeContext = context.kubeContext;
  return environment;
}

interface SpecValuesRequest {
  readonly name: string;
  readonly context: Environment | undefined;
  readonly onSources: (sources: SourceTree) => void;
}

function loadSpecValues(storage: Storage, spec: HelmStateSpec, own: EnvironmentSpec, at: SpecValuesRequest): ValueMap {
  const secretHandler = own.missingFileHandler?.value ?? spec.missingFileHandler?.value ?? "Error";
  let secretSources: SourceTree;
  const secrets = loadEnvironmentSecrets(storage, secretHandler, own.secrets ?? [], (source) => {
    secretSources = mergedSources("mergo", secretSources, source);
  });
  const values = loadEnvironmentValues({
    storage,
    handler: own.missingFileHandler?.value,
    entries: own.values ?? [],
    context: at.context,
    environmentName: at.name,
    mergeStrategy: own.mergeStrategy,
    onSources: (sources) => at.onSources(mergedSources("mergo", sources, secretSources)),
  });
  mergeValues(values, secrets);
  return values;
}
