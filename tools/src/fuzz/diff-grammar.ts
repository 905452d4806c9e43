import type { Json } from "./argocd-grammar.ts";
import { labels, samples, type JsonMap } from "./diff-samples.ts";
import { JqGrammar } from "./jq-grammar.ts";
import type { Random } from "./random.ts";

const jqExpressions = [
  ".spec.template.spec.containers[].image",
  '.spec.template.spec.containers[] | select(.name == "app") | .resources',
  '.spec.template.spec.containers[] | select(.name == "app").env[] | select(.name == "A")',
  ".spec.template.spec.initContainers[0]",
  ".webhooks[]?.clientConfig.caBundle",
  ".spec.ports[].targetPort",
  ".data | keys[]",
  '.data["b.yaml"]',
  ".spec.metrics[0].resource.target",
  '.spec.list[] | select(.name == "b")',
  ".spec.deep.er",
  ".metadata.labels.tier, .metadata.annotations",
  ".spec.selector.matchLabels.tier",
  ".spec.rules[].http.paths[0].backend",
  ".status",
];

const finalizers = ["example.com/b", "example.com/a", "c", "foregroundDeletion"];
const managers = ["kube-controller-manager", "other", "argocd-controller"];
const typedFields = ["spec.template.spec", "spec.size", "spec.deep", "spec.list", "spec.resources", "spec"];
const fieldTypes = ["core/v1/PodSpec", "core/Quantity", "meta/v1/Duration", "core/v1/ResourceList", "nope/v1/Nope"];

/** A random pair of live and desired object with the rules by which they are compared: the files of a diff case. */
export class DiffGrammar {
  readonly #random: Random;
  readonly #asksForTarget: boolean;
  /** With `asksForTarget` the case also asks what a sync applies that respects the rules. */
  constructor(random: Random, asksForTarget: boolean) {
    this.#random = random;
    this.#asksForTarget = asksForTarget;
  }

  files(): ReadonlyMap<string, string> {
    const random = this.#random;
    const target = structuredClone(random.pick(samples));
    target["metadata"] = this.#metadata();
    if (random.chance(0.15)) this.#crowd(target);
    this.#mutate(target, random.below(3), target);
    const live = structuredClone(target);
    this.#mutate(live, 1 + random.below(6), live);
    this.#grow(live);
    if (random.chance(0.2)) this.#apply(live, target);
    const files = new Map<string, string>();
    if (random.chance(0.97)) files.set("live.yaml", JSON.stringify(live));
    if (random.chance(0.97) || files.size === 0) files.set("target.yaml", JSON.stringify(target));
    if (random.chance(0.9))
      files.set("ignore-differences.yaml", JSON.stringify(random.list(1, 3, () => this.#rule(live))));
    if (random.chance(0.2)) files.set("argocd-cm.yaml", JSON.stringify(this.#configMap(live)));
    const options = {
      ...(this.#asksForTarget && { respectIgnoreDifferences: true }),
      ...(random.chance(0.1) && { ignoreAggregatedRoles: true }),
      ...(random.chance(0.2) && { trackingMethod: random.pick(["label", "annotation", "annotation+label"]) }),
    };
    if (Object.keys(options).length > 0) files.set("options.json", JSON.stringify(options));
    return files;
  }

  #metadata(): JsonMap {
    const random = this.#random;
    return {
      name: "web",
      namespace: "default",
      ...(random.chance(0.6) && { labels: structuredClone(labels) }),
      ...(random.chance(0.5) && {
        annotations: { note: "1", "example.com/x": "y", ...(random.chance(0.2) && this.#own()) },
      }),
      ...(random.chance(0.2) && { finalizers: this.#finalizers() }),
    };
  }

  /** Rules that the object brings itself. */
  #own(): JsonMap {
    const pointers = this.#random.list(1, 2, () =>
      this.#random.pick(["/spec/replicas", "/data", "/spec/template/spec"]),
    );
    return { "argocd.argoproj.io/ignore-differences": JSON.stringify({ jsonPointers: pointers }) };
  }

  /** In any order, each once. */
  #finalizers(): Json[] {
    return [...new Set(this.#random.list(0, 3, () => this.#random.pick(finalizers)))];
  }

  /** Lists as long as charts make them; Go sorts those of more than twelve items in its own way. */
  #crowd(value: Json): void {
    const random = this.#random;
    if (value === null || typeof value !== "object") return;
    if (Array.isArray(value)) {
      const [first] = value;
      if (first !== null && typeof first === "object" && random.chance(0.4))
        for (let i = random.below(20); i > 0; i--)
          value.splice(random.below(value.length + 1), 0, this.#another(value));
    }
    for (const inner of Object.values(value)) this.#crowd(inner);
  }

  /** As `kubectl apply` left it: with what it applied, which may be older. */
  #apply(live: JsonMap, target: JsonMap): void {
    const random = this.#random;
    const applied = structuredClone(target);
    this.#mutate(applied, random.below(4), applied);
    const text = random.chance(0.95) ? JSON.stringify(applied) : random.pick(["", "{", "[]", "{}", "null"]);
    const metadata = live["metadata"] as JsonMap;
    metadata["annotations"] = {
      ...(metadata["annotations"] as JsonMap | undefined),
      "kubectl.kubernetes.io/last-applied-configuration": text,
    };
  }

  /** What the server and other controllers add. */
  #grow(live: JsonMap): void {
    const random = this.#random;
    const metadata = live["metadata"] as JsonMap;
    if (random.chance(0.6))
      Object.assign(metadata, {
        uid: "u-1",
        resourceVersion: "7",
        creationTimestamp: "2024-01-02T03:04:05Z",
        generation: 2,
      });
    if (random.chance(0.4))
      live["status"] = { observedGeneration: 2, conditions: [{ type: "Available", status: "True" }] };
    if (random.chance(0.3))
      metadata["annotations"] = {
        ...(metadata["annotations"] as JsonMap | undefined),
        "deployment.kubernetes.io/revision": "3",
      };
    if (random.chance(0.3)) metadata["finalizers"] = this.#finalizers();
    if (random.chance(0.3))
      metadata["managedFields"] = random.list(1, 2, () => ({
        manager: random.pick(managers),
        operation: "Update",
        apiVersion: String(live["apiVersion"]),
        fieldsType: "FieldsV1",
        fieldsV1: this.#owned(live, 0),
      }));
    if (random.chance(0.15))
      metadata["labels"] = { ...(metadata["labels"] as JsonMap | undefined), "app.kubernetes.io/instance": "web" };
    if (random.chance(0.2))
      metadata["ownerReferences"] = [{ apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: "u-0" }];
  }

  /** Some of the fields of an object as a manager owns them. */
  #owned(value: Json, depth: number): Json {
    const random = this.#random;
    if (value === null || typeof value !== "object" || Array.isArray(value) || (depth > 1 && random.chance(0.2)))
      return {};
    const fields = Object.entries(value)
      .filter(([key]) => (depth > 0 || key !== "metadata") && random.chance(depth > 1 ? 0.4 : 0.8))
      .map(([key, inner]): [string, Json] => [`f:${key}`, this.#owned(inner, depth + 1)]);
    return { ...(random.chance(0.2) && { ".": {} }), ...Object.fromEntries(fields) };
  }

  #mutate(value: JsonMap, times: number, object: JsonMap): void {
    for (let i = 0; i < times; i++) this.#mutateOnce(value, object);
  }

  #mutateOnce(value: Json, object: JsonMap): void {
    const random = this.#random;
    if (Array.isArray(value)) {
      if (value.length === 0) return;
      const at = random.below(value.length + 1);
      const item = value[at];
      if (item !== null && typeof item === "object" && random.chance(0.7)) this.#mutateOnce(item, object);
      else if (item === undefined || random.chance(0.3)) value.splice(at, 0, this.#another(value));
      else if (random.chance(0.4)) value.splice(at, 1);
      else if (random.chance(0.35)) value.reverse();
      else if (item === null || typeof item !== "object") value[at] = this.#scalarLike(item);
      return;
    }
    if (value === null || typeof value !== "object") return;
    const keys = Object.keys(value).filter(
      (key) =>
        value !== object ||
        !["apiVersion", "kind", "metadata"].includes(key) ||
        (key === "metadata" && random.chance(0.3)),
    );
    const key = keys.length === 0 ? undefined : random.pick(keys);
    const inner = key === undefined ? undefined : value[key];
    if (key === undefined || key === "name" || key === "namespace") return;
    if (inner !== null && typeof inner === "object" && random.chance(0.85)) this.#mutateOnce(inner, object);
    else if (random.chance(0.2) && key !== "metadata") delete value[key];
    else if (random.chance(0.15) && value !== object) value[`x${random.below(3)}`] = this.#unknown();
    else if (random.chance(0.04) && key !== "metadata") value[key] = random.pick<Json>([null, "text", 7, {}, []]);
    else if (inner === null || typeof inner !== "object") value[key] = this.#scalarLike(inner ?? null);
  }

  /** What a Go type does not know, or a map of texts gets. */
  #unknown(): Json {
    const random = this.#random;
    if (random.chance(0.6)) return "added";
    return random.pick<Json>([{ a: "b" }, ["a"], [{ name: "a" }], null, 7, true, { a: { b: random.below(2) } }]);
  }

  #another(list: readonly Json[]): Json {
    const random = this.#random;
    const like = random.pick(list);
    if (like === null || typeof like !== "object") return this.#scalarLike(like);
    const copy = structuredClone(like) as JsonMap;
    // The API server lets only variables repeat a name.
    const names = copy["value"] === undefined ? 1_000_000 : 2;
    if (typeof copy["name"] === "string") copy["name"] = `${copy["name"]}-${random.below(names)}`;
    if (typeof copy["port"] === "number") copy["port"] = 8000 + random.below(9);
    return copy;
  }

  #scalarLike(value: Json): Json {
    const random = this.#random;
    if (typeof value === "number") return random.below(9);
    if (typeof value === "boolean") return !value;
    if (typeof value === "string" && /^\d+m?$|Gi$/.test(value))
      return random.pick(["500m", "2Gi", "1", "1024Mi", "1000m"]);
    return random.pick(["other", "x", "y", "1", "changed"]);
  }

  #rule(live: JsonMap): Json {
    const random = this.#random;
    const apiVersion = String(live["apiVersion"]);
    const group = apiVersion.includes("/") ? apiVersion.split("/")[0]! : "";
    const rule: JsonMap = { kind: random.chance(0.9) ? live["kind"]! : "*" };
    if (group !== "" || random.chance(0.2)) rule["group"] = random.chance(0.85) ? group : "*";
    if (random.chance(0.15)) rule["name"] = random.pick(["web", "other"]);
    if (random.chance(0.15)) rule["namespace"] = random.pick(["default", "other"]);
    if (random.chance(0.15)) rule["managedFieldsManagers"] = random.list(1, 2, () => random.pick(managers));
    if (random.chance(0.5)) rule["jsonPointers"] = random.list(1, 3, () => this.#pointer(live));
    else rule["jqPathExpressions"] = random.list(1, 2, () => this.#jq(live));
    return rule;
  }

  #jq(live: JsonMap): string {
    const random = this.#random;
    return random.chance(0.2) ? random.pick(jqExpressions) : new JqGrammar(random, live).path();
  }

  /** A path that mostly leads somewhere. */
  #pointer(object: JsonMap): string {
    const random = this.#random;
    const steps: string[] = [];
    let at: Json = object;
    while (
      at !== null &&
      typeof at === "object" &&
      Object.keys(at).length > 0 &&
      (steps.length < 2 || random.chance(0.75))
    ) {
      const keys: string[] = Object.keys(at).filter((key) => steps.length > 0 || !["apiVersion", "kind"].includes(key));
      if (keys.length === 0) break;
      const key = random.pick(keys);
      if (steps[0] === "metadata" && ["name", "namespace"].includes(key)) break;
      steps.push(key);
      at = (at as JsonMap)[key] ?? null;
    }
    if (random.chance(0.06)) steps.push(random.pick(["nope", "0", "-1"]));
    return steps.map((step) => `/${step.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  }

  #configMap(live: JsonMap): Json {
    const random = this.#random;
    const apiVersion = String(live["apiVersion"]);
    const group = apiVersion.includes("/") ? `${apiVersion.split("/")[0]}_` : "";
    const kind = random.chance(0.8) ? group + String(live["kind"]) : "all";
    const pointers = random.list(1, 2, () => this.#pointer(live));
    const rules = {
      jsonPointers: pointers,
      ...(random.chance(0.3) && { jqPathExpressions: random.list(1, 2, () => random.pick(jqExpressions)) }),
      ...(random.chance(0.2) && { managedFieldsManagers: random.list(1, 2, () => random.pick(managers)) }),
    };
    const data: JsonMap = { [`resource.customizations.ignoreDifferences.${kind}`]: JSON.stringify(rules) };
    if (random.chance(0.3))
      data["resource.compareoptions"] = JSON.stringify({
        ...(random.chance(0.7) && {
          ignoreResourceStatusField: random.pick<Json>(["all", "crd", "none", "off", false]),
        }),
        ...(random.chance(0.3) && { ignoreAggregatedRoles: random.chance(0.5) }),
      });
    if (random.chance(0.3))
      data[`resource.customizations.knownTypeFields.${kind}`] = JSON.stringify(
        random.list(1, 2, () => ({ field: random.pick(typedFields), type: random.pick(fieldTypes) })),
      );
    if (random.chance(0.1))
      data["resource.customizations"] = JSON.stringify({
        [kind.replace("_", "/")]: { ignoreDifferences: JSON.stringify({ jsonPointers: [this.#pointer(live)] }) },
      });
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "argocd-cm" }, data };
  }
}
