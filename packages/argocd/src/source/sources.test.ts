import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromPlain, MemoryTree, toPlain } from "@tiphys/source";
import type { Unstructured } from "../unstructured.ts";
import { renderApplication, type RenderedApplication } from "./render-application.ts";

/*
 * Laws of sources; what Argo CD itself makes of many of them is recorded in `cases/` and asked anew by `npm run fuzz -- argocd-sources`.
 */

const repoURL = "https://github.com/acme/estate.git";

const chart = {
  "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "charts/web/values.yaml": "text: chart\n",
  "charts/web/templates/config.yaml":
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {{ toJson (dict "text" (toString .Values.text) "release" .Release.Name "namespace" .Release.Namespace "kube" .Capabilities.KubeVersion.Version) }}\n',
};

function render(
  source: object,
  files: Readonly<Record<string, string>> = chart,
  sources?: readonly object[],
): RenderedApplication {
  const spec = {
    project: "default",
    destination: { server: "https://kubernetes.default.svc", namespace: "web" },
    ...(sources === undefined ? { source: { repoURL, targetRevision: "HEAD", ...source } } : { sources }),
  };
  const application = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "shop", namespace: "argocd" },
    spec,
  };
  const tree = new MemoryTree(files);
  return renderApplication(fromPlain(application) as Unstructured, {
    resolvers: { repository: () => ({ tree }) },
    kubeVersion: "v1.33.0",
  });
}

/** The data of the chart's ConfigMap. */
function data(rendered: RenderedApplication): Record<string, string> {
  expect(rendered.error).toBeUndefined();
  return (toPlain(rendered.manifests[0]!) as { data: Record<string, string> }).data;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const helm = (block: object, files: Readonly<Record<string, string>> = {}): RenderedApplication =>
  render({ path: "charts/web", helm: block }, { ...chart, ...files });

describe("values of a Helm source", () => {
  const layers = ["valueFiles", "values", "valuesObject", "parameters", "forced parameters", "fileParameters"] as const;

  it("count in this order: the chart's, files, inline ones (an object before a text), --set, --set-string, --set-file", () => {
    fc.assert(
      fc.property(fc.subarray([...layers]), (present) => {
        const has = (layer: (typeof layers)[number]): boolean => present.includes(layer);
        const parameters = [
          ...(has("parameters") ? [{ name: "text", value: "parameters" }] : []),
          ...(has("forced parameters") ? [{ name: "text", value: "forced parameters", forceString: true }] : []),
        ];
        const block = {
          ...(has("valueFiles") ? { valueFiles: ["a.yaml"] } : {}),
          ...(has("values") ? { values: "text: values\n" } : {}),
          ...(has("valuesObject") ? { valuesObject: { text: "valuesObject" } } : {}),
          ...(parameters.length > 0 ? { parameters } : {}),
          ...(has("fileParameters") ? { fileParameters: [{ name: "text", path: "text.txt" }] } : {}),
        };
        const files = { "charts/web/a.yaml": "text: valueFiles\n", "charts/web/text.txt": "fileParameters" };
        // Of Go's two forms of one name only the last flag of its kind is asked; --set comes before --set-string.
        expect(data(helm(block, files))["text"]).toBe(present.at(-1) ?? "chart");
      }),
    );
  });

  it("of value files: a later one wins, a missing one may be passed over, a glob gives each file once", () => {
    const names = ["a.yaml", "b.yaml", "c.yaml"];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: 1 }), fc.subarray(names), (valueFiles, existing) => {
        const files = Object.fromEntries(existing.map((name) => [`charts/web/${name}`, `text: ${name}\n`]));
        const last = valueFiles.filter((name) => existing.includes(name)).at(-1);
        expect(data(helm({ valueFiles, ignoreMissingValueFiles: true }, files))["text"]).toBe(last ?? "chart");
        const missing = valueFiles.find((name) => !existing.includes(name));
        const strict = helm({ valueFiles }, files);
        if (missing === undefined) expect(data(strict)["text"]).toBe(last);
        else {
          expect(strict.error).toContain(`/charts/web/${missing}: no such file or directory`);
          expect(strict.failedField).toEqual(["spec", "source", "helm", "valueFiles", valueFiles.indexOf(missing)]);
        }
      }),
    );
  });

  it("of globs: in order of names, but what is named itself keeps its own place", () => {
    const names = ["a.yaml", "b.yaml", "c.yaml"];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.boolean(), (named, first) => {
        const files = Object.fromEntries(names.map((name) => [`values/${name}`, `text: ${name}\n`]));
        const own = `/values/${named}`;
        const valueFiles = first ? [own, "/values/*.yaml"] : ["/values/*.yaml", own];
        const last = first ? names.filter((name) => name !== named).at(-1) : named;
        expect(data(helm({ valueFiles }, files))["text"]).toBe(last);
      }),
    );
  });

  it("of another source: `$ref/path` is `/path` of that repository", () => {
    fc.assert(
      fc.property(word, word, (ref, file) => {
        const files = { ...chart, [`env/${file}.yaml`]: "text: referred\n" };
        const own = { repoURL, path: "charts/web", helm: { valueFiles: [`$${ref}/env/${file}.yaml`] } };
        expect(data(render({}, files, [own, { repoURL, ref }]))["text"]).toBe("referred");
        const failed = render({}, files, [own, { repoURL, ref: `${ref}-other` }]);
        expect(failed.error).toContain(
          `source referenced "$${ref}", which is not one of the available sources ($${ref}-other)`,
        );
        expect(failed.failedField).toEqual(["spec", "sources", 0, "helm", "valueFiles", 0]);
      }),
    );
  });

  it("of parameters: variables are replaced, commas are kept, an unknown variable is empty", () => {
    const part = fc.oneof(
      word.map((text) => [text, text]),
      fc.constant([",", ","]),
      fc.constant(["${ARGOCD_APP_NAME}", "shop"]),
      fc.constant(["${ARGOCD_APP_NAMESPACE}", "web"]),
      fc.constant(["${ARGOCD_APP_SOURCE_PATH}", "charts/web"]),
      fc.constant(["${NOBODY}", ""]),
      fc.constant(["$$", "$"]),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const value = parts.map(([written]) => written).join("");
        const wanted = parts.map(([, meant]) => meant).join("");
        expect(data(helm({ parameters: [{ name: "text", value, forceString: true }] }))["text"]).toBe(wanted);
        // What is written as values is taken as it is.
        expect(data(helm({ valuesObject: { text: value } }))["text"]).toBe(value);
      }),
    );
  });
});

describe("a Helm source", () => {
  it("takes release name, namespace and cluster version from its block before the Application's", () => {
    fc.assert(
      fc.property(fc.option(word), fc.option(word), fc.boolean(), (releaseName, namespace, older) => {
        const rendered = helm({
          ...(releaseName === null ? {} : { releaseName }),
          ...(namespace === null ? {} : { namespace }),
          ...(older ? { kubeVersion: "v1.30.2+k3s1" } : {}),
        });
        expect(data(rendered)).toMatchObject({
          release: releaseName ?? "shop",
          namespace: namespace ?? "web",
          kube: older ? "v1.30.2" : "v1.33.0",
        });
        // The tracking id has the Application's destination, whatever Helm was told.
        expect(toPlain(rendered.manifests[0]!)).toMatchObject({
          metadata: { annotations: { "argocd.argoproj.io/tracking-id": "shop:/ConfigMap:web/config" } },
        });
      }),
    );
  });

  it("is patched by .argocd-source.yaml, then by the Application's own; never its place", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (common, own) => {
        const files = {
          ...(common
            ? { "charts/web/.argocd-source.yaml": "path: elsewhere\nhelm: {releaseName: common, namespace: common}\n" }
            : {}),
          ...(own ? { "charts/web/.argocd-source-shop.yaml": "helm: {releaseName: own}\n" } : {}),
          "charts/web/.argocd-source-other.yaml": "helm: {releaseName: wrong}\n",
        };
        expect(data(helm({ releaseName: "spec" }, files))).toMatchObject({
          release: own ? "own" : common ? "common" : "spec",
          namespace: common ? "common" : "web",
        });
      }),
    );
  });
});

describe("the type of a source", () => {
  const marks = { Helm: "MyChart.yaml", Kustomize: "kustomization.yml" } as const;

  it("is what its block says, else what its files say; two blocks are an error", () => {
    const blocks = ["helm", "directory", "plugin"] as const;
    fc.assert(
      fc.property(fc.subarray([...blocks]), fc.option(fc.constantFrom("Helm", "Kustomize")), (present, mark) => {
        const files = {
          "app/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n",
          ...(mark === null ? {} : { [`app/${marks[mark]}`]: "" }),
        };
        const { sources, error, notKnown } = render(
          { path: "app", ...Object.fromEntries(present.map((block) => [block, {}])) },
          files,
        );
        const said = `${error ?? ""}${notKnown ?? ""}`;
        if (present.length > 1) expect(said).toContain("multiple application sources defined: ");
        else if (present[0] === "plugin") expect(said).toContain("unsupported: config management plugin");
        else if (present[0] === "helm" || (present.length === 0 && mark === "Helm"))
          expect(said).toContain("error reading helm chart from");
        else if (present.length === 0 && mark === "Kustomize")
          expect(said).toContain("unsupported: kustomize is not at hand");
        else expect(sources[0]?.type).toBe("Directory");
      }),
    );
  });
});

describe("a directory source", () => {
  const paths = ["a.yaml", "b.yml", "c.json", "d.txt", "deep/e.yaml", "deep/er/f.yaml"];
  const manifest = (path: string): string =>
    JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: path } });
  const names = (directory: object): string[] =>
    render(
      { path: "app", directory },
      Object.fromEntries(paths.map((path) => [`app/${path}`, manifest(path)])),
    ).manifests.map((object) => (toPlain(object) as { metadata: { name: string } }).metadata.name);

  it("reads manifests in order of names: recursing, included and not excluded", () => {
    const lists = fc.subarray(paths, { minLength: 1 });
    fc.assert(
      fc.property(
        fc.boolean(),
        fc.option(lists),
        fc.option(lists),
        fc.boolean(),
        (recurse, include, exclude, anyName) => {
          const glob = (list: readonly string[]): string => `{${list.join(",")}}`;
          const directory = {
            recurse,
            disableExtensionFilter: anyName,
            ...(include === null ? {} : { include: glob(include) }),
            ...(exclude === null ? {} : { exclude: glob(exclude) }),
          };
          const wanted = paths.filter(
            (path) =>
              (recurse || !path.includes("/")) &&
              (anyName || !path.endsWith(".txt")) &&
              (include === null || include.includes(path)) &&
              exclude?.includes(path) !== true,
          );
          expect(names(directory)).toEqual(wanted);
        },
      ),
    );
  });
});

describe("several sources", () => {
  it("give their manifests one after the other, with one tracking id for all; one that is only a ref gives none", () => {
    const kinds = fc.array(fc.constantFrom("chart", "ref", "nothing"), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(kinds, (list) => {
        const sources = list.map((kind, index) =>
          kind === "chart"
            ? { repoURL, path: "charts/web" }
            : kind === "ref"
              ? { repoURL, ref: `r${index}` }
              : { repoURL },
        );
        const { manifests, error, sources: rendered } = render({}, chart, sources);
        expect(error).toBeUndefined();
        expect(rendered).toHaveLength(list.length);
        expect(manifests).toHaveLength(list.filter((kind) => kind === "chart").length);
      }),
    );
  });
});
