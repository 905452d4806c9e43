import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RenderEngine } from "@tiphys/estate";
import { byteStringToBytes, bytesToByteString, fromByteString } from "@tiphys/gotemplate";
import type { Chart, RenderRequest, RenderResult, SetFlag, ValuesLayer } from "@tiphys/helm";
import { readManifests } from "@tiphys/helm";
import { writeYamlV2 } from "@tiphys/source";
import type { Io } from "./command.ts";
import { UserError } from "./command.ts";

/** `helm template` of the binary on PATH, behind the same interface as the built-in engine. Its random data cannot be seeded. */
export class HelmBinaryEngine implements RenderEngine {
  readonly label: string;
  readonly isSeeded = false;
  readonly #charts = new Map<string, string>();
  readonly #folder: string;

  private constructor(label: string) {
    this.label = label;
    this.#folder = mkdtempSync(join(tmpdir(), "tiphys-helm-"));
    process.once("exit", () => rmSync(this.#folder, { recursive: true, force: true }));
  }

  /** Throws `UserError` when there is no helm. */
  static find(_io: Io): HelmBinaryEngine {
    const { status, stdout } = spawnSync("helm", ["version", "--template", "{{.Version}}"], { encoding: "utf8" });
    if (status !== 0) throw new UserError("error: --engine helm: there is no helm on PATH");
    return new HelmBinaryEngine(`helm ${stdout.trim()}`);
  }

  render(request: RenderRequest): RenderResult {
    const run = mkdtempSync(join(this.#folder, "run-"));
    try {
      const result = spawnSync("helm", this.#arguments(request, this.#chart(request.chart), run), {
        maxBuffer: 512 * 1024 * 1024,
      });
      const stderr = bytesToByteString(result.stderr);
      if (result.status !== 0) return failed(stderr);
      const manifests = bytesToByteString(result.stdout);
      return { manifests, ...readManifests(manifests), notes: "", warnings: [], stderr };
    } finally {
      rmSync(run, { recursive: true, force: true });
    }
  }

  /** The chart on disk, written once for each content. */
  #chart(chart: Chart): string {
    const hash = chart.contentHash();
    const known = this.#charts.get(hash);
    if (known !== undefined) return known;
    const folder = join(this.#folder, hash);
    for (const file of chart.raw) {
      const target = join(folder, fromByteString(file.name));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, file.bytes);
    }
    this.#charts.set(hash, folder);
    return folder;
  }

  #arguments(request: RenderRequest, chart: string, run: string): string[] {
    const { release, capabilities } = request;
    const flag = (name: string, on: boolean | undefined): string[] => (on === true ? [name] : []);
    return [
      "template",
      release.name,
      chart,
      "--namespace",
      release.namespace,
      ...request.valuesLayers.flatMap((layer, index) => [
        "--values",
        layerFile(layer, join(run, `values-${index}.yaml`)),
      ]),
      ...request.sets.flatMap((set, index) => setArguments(set, join(run, `set-${index}`))),
      ...(capabilities?.kubeVersion === undefined ? [] : ["--kube-version", capabilities.kubeVersion]),
      ...(capabilities?.apiVersions ?? []).flatMap((version) => ["--api-versions", version]),
      ...flag("--include-crds", request.includeCrds),
      ...flag("--skip-tests", request.skipTests),
      ...flag("--no-hooks", request.noHooks),
      ...flag("--skip-schema-validation", request.skipSchemaValidation),
      ...flag("--is-upgrade", release.isUpgrade),
    ];
  }
}

function layerFile(layer: ValuesLayer, path: string): string {
  writeFileSync(path, layer.kind === "file" ? layer.content : byteStringToBytes(writeYamlV2(layer.values)));
  return path;
}

function setArguments(set: SetFlag, path: string): string[] {
  if (set.kind !== "set-file") return [`--${set.kind}`, fromByteString(set.expression)];
  const equals = set.expression.indexOf("=");
  writeFileSync(path, byteStringToBytes(set.expression.slice(equals + 1)));
  return ["--set-file", `${fromByteString(set.expression.slice(0, equals))}=${path}`];
}

function failed(stderr: string): RenderResult {
  const start = stderr.indexOf("Error: ");
  const helmText = stderr.slice(start < 0 ? 0 : start + "Error: ".length).trimEnd();
  return {
    manifests: "",
    documents: [],
    hooks: [],
    notes: "",
    warnings: [],
    stderr: start < 0 ? "" : stderr.slice(0, start),
    error: { code: "helm-failed", severity: "error", message: fromByteString(helmText.split("\n")[0] ?? ""), helmText },
  };
}
