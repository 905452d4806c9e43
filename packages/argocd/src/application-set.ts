import { fromByteString, type GoValue, type RandomSource } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { type Admission, admitApplicationSet } from "./api/admission.ts";
import { DecodeError, decodeStruct } from "./api/decode.ts";
import { encodeApplication } from "./api/encode.ts";
import { marshalJson } from "./api/json.ts";
import { structType } from "./api/schema.ts";
import { type ControllerVerdict, type RefusedApplication, validateApplications } from "./controller.ts";
import { ArgoError, ArgoPanic, NotKnownOffline, wrapError } from "./fault.ts";
import { type ClusterSecret, controlPlane } from "./generators/clusters.ts";
import { type Fixture, Fixtures } from "./generators/fixtures.ts";
import type { GeneratorContext } from "./generators/generator.ts";
import { cloneParams } from "./generators/matrix.ts";
import { assertParamSets, type ParamSet } from "./generators/param-set.ts";
import { Repositories, type RepositoryResolver } from "./generators/repository.ts";
import type { TransformResult } from "./generators/nested.ts";
import { transform } from "./generators/transform.ts";
import { type ArgocdProfile, defaultArgocdProfile } from "./profile.ts";
import { renderApplication } from "./template/render.ts";
import { Replacer } from "./template/replace.ts";
import { applyTemplatePatch, type KnownPatches } from "./template/template-patch.ts";
import { nestedSlice, nestedString } from "./unstructured.ts";

/** An ApplicationSet as read. */
export interface ApplicationSetDocument {
  /** The object as sigs.k8s.io/yaml decodes it (readYaml, dialect v2). */
  readonly value: GoValue;
  readonly origin: Origin;
  /** The place of the value under a path; undefined where it is not known. */
  readonly originOf?: (path: readonly (string | number)[]) => Origin | undefined;
}

export interface ExpandOptions {
  readonly document: ApplicationSetDocument;
  /** The Git repositories; share one `Repositories` between sets to list each tree once. */
  readonly repositories: Repositories | RepositoryResolver;
  /** Cluster Secrets in Argo CD's namespace. */
  readonly clusters?: readonly ClusterSecret[];
  /** Names of the AppProjects in Argo CD's namespace; `default` always exists. */
  readonly projects?: Iterable<string>;
  readonly fixtures?: readonly Fixture[];
  /** `--enable-new-git-file-globbing`. */
  readonly newGlobbing?: boolean;
  /** The repo-server's `--include-hidden-directories`. */
  readonly includeHiddenDirectories?: boolean;
  /** Milliseconds since 1970 for `now` in templates; default 0. */
  readonly now?: number;
  readonly timeZone?: string;
  readonly random?: RandomSource;
  /** The Argo CD version; default 3.6. */
  readonly profile?: ArgocdProfile;
}

/** One generated Application and what made it. */
export interface GeneratedApplication {
  /** The JSON object that Argo CD generates, without status. */
  readonly application: Map<string, GoValue>;
  readonly params: Map<string, GoValue>;
  /** Index in `spec.generators`. */
  readonly generatorIndex: number;
  /** Where the parameters come from: a file of the repository, an element of a list, a Secret; one for each generator that took part. */
  readonly origins: readonly Origin[];
}

export interface Expansion {
  readonly name: string;
  readonly namespace: string;
  /** In Argo CD's order; where that is random, in the order of cluster names and of a merge's first child. */
  readonly applications: readonly GeneratedApplication[];
  /** Parameter sets per generator (and kind, where an entry holds several). */
  readonly params: readonly (readonly Map<string, GoValue>[])[];
  /** Why nothing is generated: Argo CD's text (UTF-16), and the reason of the condition. `unsupported:` and `wanted:` texts are ours. */
  readonly error?: { readonly message: string; readonly reason: string; readonly origin: Origin };
  /** What Argo CD only logs. */
  readonly warnings: readonly string[];
  /** Given where the controller does not create every generated Application. */
  readonly controller?: ControllerVerdict;
  /** Those that it does not create, in the order of generation; given with `controller`. */
  readonly refused?: readonly RefusedApplication[];
  /** Given where the API server objects. */
  readonly admission?: Admission;
}

/** What the ApplicationSet controller makes of one ApplicationSet. Never throws for what users write. */
export function expandApplicationSet(options: ExpandOptions): Expansion {
  const { admission, pruned } = admitApplicationSet(
    options.document.value,
    fieldsWithout(options.profile ?? defaultArgocdProfile),
  );
  const said = admission.errors.length + admission.unknownFields.length > 0 ? { admission } : {};
  let set: Map<string, GoValue>;
  try {
    set = decodeStruct(pruned, structType("ApplicationSet"));
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const name = {
      name: nestedString(pruned, "metadata", "name"),
      namespace: nestedString(pruned, "metadata", "namespace"),
    };
    return {
      ...name,
      ...said,
      ...failed(error, "NotAnApplicationSet", placeOf(options.document, error.path)),
      warnings: [],
    };
  }
  const expansion = new Expanding(set, options).run();
  return { ...expansion, ...said };
}

/** Fields that a version's CRD does not have. */
function fieldsWithout(profile: ArgocdProfile): ReadonlySet<string> {
  return new Set([
    ...(profile.hasOciGenerator ? [] : ["ApplicationSetGenerator.oci", "ApplicationSetNestedGenerator.oci"]),
    ...(profile.hasTagPrefix ? [] : ["ApplicationSource.tagPrefix"]),
  ]);
}

function failed(error: Error, reason: string, origin: Origin): Pick<Expansion, "applications" | "params" | "error"> {
  return { applications: [], params: [], error: { message: fromByteString(error.message), reason, origin } };
}

/** The nearest place that is known: the value's own, else one above it. */
function placeOf(document: ApplicationSetDocument, path: readonly (string | number)[]): Origin {
  for (let length = path.length; length > 0; length--) {
    const steps = path
      .slice(0, length)
      .map((step) => (typeof step === "string" && /^\d+$/.test(step) ? Number(step) : step));
    const origin = document.originOf?.(steps);
    if (origin) return origin;
  }
  return document.origin;
}

class Expanding {
  readonly set: Map<string, GoValue>;
  readonly spec: Map<string, GoValue>;
  readonly document: ApplicationSetDocument;
  readonly context: GeneratorContext;
  readonly namespace: string;
  readonly warnings: string[] = [];
  readonly knownPatches: KnownPatches = new Map();
  changesParams: boolean | undefined;

  constructor(set: Map<string, GoValue>, options: ExpandOptions) {
    this.set = set;
    const spec = set.get("spec");
    this.spec = spec instanceof Map ? spec : new Map<string, GoValue>();
    this.document = options.document;
    this.namespace = nestedString(set, "metadata", "namespace") || controlPlane;
    const goTemplate = this.spec.get("goTemplate") === true;
    this.context = {
      name: nestedString(set, "metadata", "name"),
      goTemplate,
      replacer: new Replacer({
        goTemplate,
        goTemplateOptions: nestedSlice(this.spec, "goTemplateOptions").map(String),
        hasTpl: (options.profile ?? defaultArgocdProfile).hasTplFunction,
        context: { now: options.now ?? 0, timeZone: options.timeZone ?? "UTC", random: options.random ?? noRandomness },
      }),
      project: nestedString(this.spec, "template", "spec", "project"),
      projects: new Set(["default", ...(options.projects ?? [])]),
      clusters: options.clusters ?? [],
      repositories:
        options.repositories instanceof Repositories ? options.repositories : new Repositories(options.repositories),
      fixtures: new Fixtures(options.fixtures),
      newGlobbing: options.newGlobbing ?? false,
      includeHiddenDirectories: options.includeHiddenDirectories ?? false,
      originOf: (path) => placeOf(options.document, path),
      warn: (message) => this.warnings.push(message),
    };
  }

  run(): Expansion {
    const identity = { name: this.context.name, namespace: this.namespace, warnings: this.warnings };
    this.warnUnknownGenerators();
    const applications: GeneratedApplication[] = [];
    const params: Map<string, GoValue>[][] = [];
    const faults = new FirstFault();
    let generated = 0;
    try {
      this.generators().forEach((generator, index) => {
        const results = faults.guard("ApplicationGenerationFromParamsError", ["spec", "generators", index], () => {
          const transformed = this.transform(generator, index);
          generated += transformed.reduce((count, { sets }) => count + sets.length, 0);
          assertParamSets(generated);
          return transformed;
        });
        for (const result of results ?? []) {
          const kept = result.sets.map((set) => this.kept(set.params));
          params.push(kept);
          result.sets.forEach((set, at) => {
            const application = faults.guard("RenderTemplateParamsError", ["spec", "template"], () =>
              this.render(result.template, set),
            );
            if (application)
              applications.push({ application, params: kept[at]!, generatorIndex: index, origins: set.origins });
          });
        }
      });
    } catch (error) {
      if (!(error instanceof ArgoPanic)) throw error;
      return { ...identity, ...failed(error, "", this.document.origin) };
    }
    if (faults.first) {
      const { error, reason, path } = faults.first;
      return {
        ...identity,
        ...failed(error, reason, error.origin ?? placeOf(this.document, [...path, ...(error.templatePath ?? [])])),
      };
    }
    const verdict = validateApplications({
      name: identity.name,
      applications: applications.map(({ application }) => application),
      projects: this.context.projects,
      clusters: this.context.clusters,
    });
    if (verdict === undefined) return { ...identity, applications, params };
    const { refused, ...controller } = verdict;
    return { ...identity, applications, params, controller, refused };
  }

  /** The parameters as generated: templates that call `set` or `merge` change the ones that they are given. */
  kept(params: Map<string, GoValue>): Map<string, GoValue> {
    this.changesParams ??= /\b(?:un)?set\b|[mM]erge/.test(marshalJson(this.spec));
    return this.changesParams ? (cloneParams(params) as Map<string, GoValue>) : params;
  }

  generators(): Map<string, GoValue>[] {
    return nestedSlice(this.spec, "generators").filter(
      (generator): generator is Map<string, GoValue> => generator instanceof Map,
    );
  }

  transform(generator: Map<string, GoValue>, index: number): TransformResult[] {
    const template = this.spec.get("template");
    return transform({ spec: generator, path: ["spec", "generators", index] }, this.context, {
      base: template instanceof Map ? template : new Map<string, GoValue>(),
      level: 0,
    });
  }

  /** RenderTemplateParams and the templatePatch (applicationset/controllers/template/template.go). */
  render(template: Map<string, GoValue>, { params }: ParamSet): Map<string, GoValue> {
    let application = temporaryApplication(template);
    if (params.size > 0) {
      application = renderApplication(application, structType("Application"), params, this.context.replacer.replace);
      this.addFinalizer(application);
    }
    application = this.patched(application, params);
    const metadata = new Map(metadataOf(application));
    metadata.set("namespace", this.namespace);
    return encodeApplication(new Map(application).set("metadata", metadata));
  }

  patched(application: Map<string, GoValue>, params: Map<string, GoValue>): Map<string, GoValue> {
    const patch = this.spec.get("templatePatch");
    if (typeof patch !== "string") return application;
    try {
      return applyTemplatePatch(application, this.renderPatch(patch, params), this.knownPatches);
    } catch (error) {
      if (error instanceof ArgoError) error.origin ??= placeOf(this.document, ["spec", "templatePatch"]);
      throw error;
    }
  }

  renderPatch(patch: string, params: Map<string, GoValue>): string {
    try {
      return this.context.replacer.replace(patch, params);
    } catch (error) {
      throw wrapError("error replacing values in templatePatch", error);
    }
  }

  addFinalizer(application: Map<string, GoValue>): void {
    const syncPolicy = this.spec.get("syncPolicy");
    if (syncPolicy instanceof Map && syncPolicy.get("preserveResourcesOnDeletion") === true) return;
    const metadata = metadataOf(application);
    if (nestedSlice(metadata, "finalizers").length > 0) return;
    application.set("metadata", new Map(metadata).set("finalizers", ["resources-finalizer.argocd.argoproj.io"]));
  }

  /** utils.go, CheckInvalidGenerators: kubectl's annotation knows the names of entries that nothing is known of. */
  warnUnknownGenerators(): void {
    const unknown = this.generators().flatMap((generator, index) => (generator.size === 0 ? [index] : []));
    if (unknown.length === 0) return;
    this.warnings.push(`ApplicationSet ${fromByteString(this.context.name)} contains unrecognized generators`);
  }
}

/** GetTempApplication: what an ApplicationSet's template gives an Application. */
function temporaryApplication(template: Map<string, GoValue>): Map<string, GoValue> {
  const application = new Map<string, GoValue>();
  const metadata = template.get("metadata");
  const spec = template.get("spec");
  application.set("metadata", metadata instanceof Map ? new Map(metadata) : new Map<string, GoValue>());
  application.set("spec", spec instanceof Map ? spec : new Map<string, GoValue>());
  return application;
}

function metadataOf(application: Map<string, GoValue>): Map<string, GoValue> {
  const metadata = application.get("metadata");
  return metadata instanceof Map ? metadata : new Map<string, GoValue>();
}

/** Keeps the first error, as GenerateApplications does; panics end everything. */
class FirstFault {
  first:
    | { readonly error: ArgoError; readonly reason: string; readonly path: readonly (string | number)[] }
    | undefined;

  guard<T>(reason: string, path: readonly (string | number)[], run: () => T): T | undefined {
    try {
      return run();
    } catch (error) {
      if (error instanceof ArgoPanic || !(error instanceof ArgoError)) throw error;
      this.first ??= { error, reason: error instanceof NotKnownOffline ? "NotKnownOffline" : reason, path };
      return undefined;
    }
  }
}

const noRandomness: RandomSource = {
  bytes() {
    throw new ArgoError("unsupported: random data needs a source of randomness");
  },
};
