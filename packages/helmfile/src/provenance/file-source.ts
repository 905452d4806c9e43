import type { GoValue } from "@tiphys/gotemplate";
import { readYamlPlaces } from "@tiphys/source";
import type { YamlDialect } from "@tiphys/source";
import { dirOf } from "../files/filepath.ts";
import type { Locate } from "../spec/release-origins.ts";
import type { Session } from "../session/session.ts";
import type { ValueMap } from "../values/mergo.ts";
import { placeOf } from "./environment-sources.ts";
import type { EnvironmentSource, SeenEnvironment, ValuePlace, ValueSteps } from "./environment-sources.ts";

/** A values file and, for a template, what it was rendered with. */
export interface LoadedFile {
  /** As helmfile names it from where it is. */
  readonly file: string;
  /** What became of it. */
  readonly text: string;
  readonly values: ValueMap;
  /** What the template saw. */
  readonly seen: () => SeenEnvironment;
  /** The dot of the template, around its `.Values`. */
  readonly data: (values: ValueMap) => GoValue;
}

/** A file of environment values with the places of what is in it; templates are traced when someone asks. */
export function fileSource(session: Session, loaded: LoadedFile): EnvironmentSource {
  const directory = session.workspace.workingDirectory;
  let places: EnvironmentSource["place"] | undefined;
  const place = (path: ValueSteps): ValuePlace =>
    (places ??= session.workspace.within(directory, () => placesIn(session, loaded)))(path);
  return { kind: "file", values: loaded.values, place };
}

/** The places in a values file; in a `.gotmpl` those of the template. */
function placesIn(session: Session, { file, text, seen, data }: LoadedFile): EnvironmentSource["place"] {
  const name = session.workspace.displayPath(file);
  const { dialect } = session.yaml;
  if (!/(^|\.)gotmpl$/.test(file)) return documentPlaces({ text, name, dialect });
  const known = seen();
  const traced = session
    .renderer(dirOf(file))
    .renderTraced(session.readFile(file), data(known.values), { file: name, line: 1 }, known);
  return documentPlaces({ text: traced.text, name, dialect }, traced.locate);
}

/** A YAML text of values, and who reads it: helmfile the first document, Helm all of them. */
export interface ValuesText {
  readonly text: string;
  /** The file as people find it. */
  readonly name: string;
  readonly dialect: YamlDialect;
  readonly hasManyDocuments?: boolean;
}

/** Lines and columns of the values of a text; `locate` leads from there to the template that made it. */
export function documentPlaces(
  { text, name, dialect, hasManyDocuments = false }: ValuesText,
  locate: Locate = (line, column) => ({ file: name, line, column }),
): (path: ValueSteps) => ValuePlace {
  const placeAt = readYamlPlaces(text, dialect, hasManyDocuments);
  return (path) => {
    const place = placeAt(path);
    if (place === undefined) return { origin: { file: name }, reads: [] };
    return placeOf(locate(place.line, place.column) ?? { file: name });
  };
}
