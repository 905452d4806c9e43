import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { generatePrimeSync, randomBytes } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { seededRandom, toByteString, type RandomSource } from "@tiphys/gotemplate";
import {
  HelmEngine,
  HelmError,
  loadChart,
  loadChartArchive,
  type Chart,
  type GunzipFunction,
  type Profile,
  type RenderRequest,
  type RenderResult,
  type SetFlag,
  type ValuesLayer,
} from "@tiphys/helm";
import type { CorpusRender } from "./corpus.ts";
import { DiskFolder } from "./disk-folder.ts";

/** Real randomness, and the platform's own primes: in JavaScript those of an RSA key take seconds. */
const random: RandomSource = {
  bytes: (count) => randomBytes(count),
  rsaPrime: (bits) => generatePrimeSync(bits, { bigint: true }),
};

/** The same random data in each source; of the platform's primes, those that the first source with this list got. */
function repeatable(primes: bigint[]): RandomSource {
  let next = 0;
  return {
    ...seededRandom("traced"),
    rsaPrime: (bits) => (primes[next++] ??= generatePrimeSync(bits, { bigint: true })),
  };
}

/** As the command line's. */
const gunzip: GunzipFunction = (bytes, limit) => gunzipSync(bytes, { maxOutputLength: limit });

/** What a render printed, and how long it took. */
export interface Rendered {
  readonly stdout: string;
  readonly stderr: string;
  readonly isError: boolean;
  readonly milliseconds: number;
}

/** Renders the entries of a corpus in this process, charts and caches shared. */
export class CorpusRenderer {
  readonly engine = new HelmEngine();
  readonly #folder: string;
  readonly #profile: Profile;
  readonly #charts = new Map<string, Chart | HelmError>();

  constructor(folder: string, profile: Profile) {
    this.#folder = folder;
    this.#profile = profile;
  }

  render(entry: CorpusRender): Rendered {
    const start = performance.now();
    const printed = this.#print(entry);
    return { ...printed, milliseconds: performance.now() - start };
  }

  #print(entry: CorpusRender): Omit<Rendered, "milliseconds"> {
    const chart = this.#chart(entry.chart);
    if (chart instanceof HelmError) return { stdout: "", stderr: `Error: ${chart.message}\n`, isError: true };
    const result = this.request(entry, chart);
    const stderr = result.error ? `${result.stderr}Error: ${result.error.helmText}\n` : result.stderr;
    return { stdout: result.manifests, stderr, isError: result.error !== undefined };
  }

  /** The files whose traced rendering has other bytes than the plain one; empty where all agree or the chart does not render. */
  tracedDifferences(entry: CorpusRender): string[] {
    const chart = this.#chart(entry.chart);
    if (chart instanceof HelmError) return [];
    const request = this.#request(entry, chart);
    const now = Date.now();
    const primes: bigint[] = [];
    const { files } = this.engine.renderFiles({ ...request, context: { now, random: repeatable(primes) } });
    const traces = this.engine.trace({ ...request, context: { now, random: repeatable(primes) } })?.traces;
    const paths = [...files.keys()];
    return paths.filter((path) => files.get(path) !== traces?.get(path)?.text.replaceAll("<no value>", ""));
  }

  /** Renders with a chart that is loaded already. */
  request(entry: CorpusRender, chart: Chart): RenderResult {
    return this.engine.render(this.#request(entry, chart));
  }

  #request(entry: CorpusRender, chart: Chart): RenderRequest {
    return {
      chart,
      valuesLayers: entry.values.map((path) => this.#layer(path)),
      sets: entry.set.map((expression): SetFlag => ({
        kind: "set",
        expression: toByteString(expression),
        origin: { file: "--set" },
      })),
      release: {
        name: toByteString(entry.release),
        namespace: toByteString(entry.namespace),
        isUpgrade: entry.flags.includes("--is-upgrade"),
      },
      capabilities: { kubeVersion: entry.kubeVersion, apiVersions: entry.apiVersions },
      includeCrds: entry.flags.includes("--include-crds"),
      skipTests: entry.flags.includes("--skip-tests"),
      noHooks: entry.flags.includes("--no-hooks"),
      skipSchemaValidation: entry.flags.includes("--skip-schema-validation"),
      profile: this.#profile,
      context: { now: Date.now(), random },
    };
  }

  #layer(path: string): ValuesLayer {
    return { kind: "file", name: path, origin: { file: path }, content: readFileSync(join(this.#folder, path)) };
  }

  /** The chart at a path of the corpus, loaded once. */
  #chart(path: string): Chart | HelmError {
    let chart = this.#charts.get(path);
    if (chart === undefined) {
      chart = this.#load(path);
      this.#charts.set(path, chart);
    }
    return chart;
  }

  #load(path: string): Chart | HelmError {
    const options = { profile: this.#profile, gunzip };
    try {
      const absolute = join(this.#folder, path);
      if (statSync(absolute).isDirectory()) return loadChart(new DiskFolder(absolute), "", options);
      return loadChartArchive(readFileSync(absolute), options);
    } catch (error) {
      if (error instanceof HelmError) return error;
      throw error;
    }
  }
}
