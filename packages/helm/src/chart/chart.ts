import { bytesToByteString } from "@tiphys/gotemplate";
import type { Table } from "../values/values.ts";
import type { Metadata } from "./metadata.ts";

/** A chart as loaded: never changed, shared by all renders. */
export interface Chart {
  readonly metadata: Readonly<Metadata>;
  /** Files under `templates/`, in the order of loading. */
  readonly templates: readonly ChartFile[];
  /** All other files that `.Files` shows. */
  readonly files: readonly ChartFile[];
  /** values.yaml; undefined when the chart has none. */
  readonly values: Table | undefined;
  /** values.schema.json as written. */
  readonly schema: ChartFile | undefined;
  readonly dependencies: readonly Chart[];
  /** Every file as it lay in the folder or archive, those of subcharts too. */
  readonly raw: readonly ChartFile[];
  /** What Helm says on stderr while it loads the chart (without "level=…"). */
  readonly warnings: readonly ChartWarning[];
  /** SHA-256 of all files by name, in hexadecimal; equal charts have equal hashes wherever they lie. */
  contentHash(): string;
}

/** A line for stderr. `attributes` are slog's. */
export interface ChartWarning {
  readonly level: "DEBUG" | "INFO" | "WARN" | "ERROR";
  readonly message: string;
  readonly attributes?: readonly (readonly [name: string, value: string])[];
  /** The values are bytes to log/slog, which then always quotes them. */
  readonly hasByteValues?: boolean;
}

/** One file of a chart. Names are byte strings relative to the chart's folder. */
export class ChartFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  #text: string | undefined;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.bytes = bytes;
  }

  /** The content as a byte string; converted once. */
  get text(): string {
    return (this.#text ??= bytesToByteString(this.bytes));
  }
}
