import { GoObject } from "@tiphys/gotemplate";
import type { GoValue } from "@tiphys/gotemplate";
import { readYaml } from "@tiphys/source";
import { dirOf } from "../files/filepath.ts";
import type { Session } from "../session/session.ts";
import type { ValueMap } from "../values/mergo.ts";
import { placeOf } from "./environment-sources.ts";
import type { EnvironmentSource, ValuePlace, ValueSteps } from "./environment-sources.ts";

/** A values file and, for a template, what it was rendered with. */
export interface LoadedFile {
  /** As helmfile names it from where it is. */
  readonly file: string;
  /** What became of it. */
  readonly text: string;
  readonly values: ValueMap;
  /** `.Values` of the template. */
  readonly seen: () => ValueMap;
  /** The dot of the template, around its `.Values`. */
  readonly data: (values: ValueMap) => GoValue;
}

/** A file of environment values with the places of what is in it; templates are traced when someone asks. */
export function fileSource(session: Session, loaded: LoadedFile): EnvironmentSource {
  const directory = session.workspace.workingDirectory;
  let places: EnvironmentSource["place"] | undefined;
  const place = (path: ValueSteps): ValuePlace =>
    (places ??= session.workspace.within(directory, () => placesIn(session, loaded)))(path);
  return { kind: "file", level: "environment", values: loaded.values, place };
}

/** The places in a values file; in a `.gotmpl` those of the template. */
function placesIn(session: Session, { file, text, seen, data }: LoadedFile): EnvironmentSource["place"] {
  const name = session.workspace.displayPath(file);
  if (!/(^|\.)gotmpl$/.test(file))
    return documentPlaces(text, name, (line, column) => ({ origin: { file: name, line, column }, reads: [] }));
  const values = seen();
  const dot = data(values);
  const roots = new Map<string, object>([[".Values", values], ...environmentRoot(dot)]);
  const traced = session
    .renderer(dirOf(file))
    .renderTraced(session.readFile(file), dot, { file: name, line: 1 }, roots);
  return documentPlaces(traced.text, name, (line, column) => placeOf(traced.locate(line, column) ?? { file: name }));
}

/** What names the reads of `.Environment.Name` and the like in a trace. */
export function environmentRoot(dot: GoValue): [string, object][] {
  const environment = dot instanceof GoObject ? dot.goField("Environment") : undefined;
  return environment instanceof GoObject ? [[".Environment", environment]] : [];
}

/** Lines and columns of the values of a text, through `locate`. */
export function documentPlaces(
  text: string,
  file: string,
  locate: (line: number, column: number) => ValuePlace,
): EnvironmentSource["place"] {
  const document = readYaml(text);
  return (path) => {
    const place = document.originOf(path);
    return place === undefined ? { origin: { file }, reads: [] } : locate(place.line, place.column);
  };
}
