import { GoMap, GoObject, isTrue, nilSlice, type GoKind, type GoValue } from "@tiphys/gotemplate";
import { encodeJson, type JsonMarshaler } from "@tiphys/gotemplate/sprig";
import type { Table } from "../values/values.ts";

/** Names of the fields in JSON where they are not the Go name with a small first letter (pkg/chart, Helm 3.19.4). */
const jsonNames: Readonly<Record<string, string>> = {
  APIVersion: "apiVersion",
  URL: "url",
  ImportValues: "import-values",
  IsRoot: "IsRoot",
};

/** JSON writes these even when they are empty. */
const alwaysWritten: ReadonlySet<string> = new Set(["IsRoot", "Dependency.Name", "Dependency.Repository"]);

/** A struct of Helm 3's chart package: an unknown field is an error, not nil. */
class ChartStruct extends GoObject implements JsonMarshaler {
  readonly goType: string;
  readonly goKind: GoKind;
  readonly #fields: ReadonlyMap<string, GoValue>;
  readonly #name: string;

  constructor(fields: Table, goType: string, goKind: GoKind) {
    super();
    this.goType = goType;
    this.goKind = goKind;
    this.#fields = fields;
    this.#name = goType.slice(goType.lastIndexOf(".") + 1);
  }
  override goField(name: string): GoValue | undefined {
    return this.#fields.get(name);
  }
  override goFieldNames(): readonly string[] {
    return [...this.#fields.keys()];
  }
  goMarshalJson(): string {
    const parts: string[] = [];
    for (const [name, value] of this.#fields) {
      if (!isTrue(value) && !alwaysWritten.has(name) && !alwaysWritten.has(`${this.#name}.${name}`)) continue;
      const jsonName = jsonNames[name] ?? name[0]!.toLowerCase() + name.slice(1);
      parts.push(`"${jsonName}":${encodeJson(value)}`);
    }
    return `{${parts.join(",")}}`;
  }
}

/** `.Chart` of Helm 3: chart.Metadata with `IsRoot`. */
export class ChartObject extends ChartStruct {
  constructor(chart: Table) {
    const fields = new Map(chart);
    fields.set("Maintainers", pointers(chart.get("Maintainers")!, "*chart.Maintainer"));
    fields.set("Dependencies", pointers(chart.get("Dependencies")!, "*chart.Dependency"));
    // Absent lists are nil in a struct, and null in JSON.
    for (const [name, value] of fields)
      if (Array.isArray(value) && value.length === 0) fields.set(name, nilSlice("[]string"));
    super(fields, "struct { chart.Metadata; IsRoot bool }", "struct");
  }
}

function pointers(list: GoValue, type: string): GoValue {
  if (!Array.isArray(list)) return list;
  return list.map((item) =>
    item instanceof Map && !(item instanceof GoMap) ? new ChartStruct(item, type, "ptr") : item,
  );
}
