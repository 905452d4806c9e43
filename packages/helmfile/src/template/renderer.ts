import {
  addWork,
  chargeParsing,
  GoObject,
  noWork,
  parseTemplate,
  seededRandom,
  shareWork,
  TemplateError,
  TemplateSet,
  TraceRecorder,
  workOf,
} from "@tiphys/gotemplate";
import type { CallContext, GoFunction, GoValue, ParsedTemplate, TraceOrigin, Work } from "@tiphys/gotemplate";
import type { Origin } from "@tiphys/source";
import { joinPaths } from "../files/filepath.ts";
import { HelmfileError } from "../state/error.ts";
import type { SeenEnvironment } from "../provenance/environment-sources.ts";
import { readsBetween, rememberReads, valueEnd } from "../provenance/reads.ts";
import type { Session } from "../session/session.ts";
import { templateFunctions } from "./functions.ts";

/** Where a template's text comes from. `line` is the file's line on which the text begins. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The value's own path, when the text is a single value: `releases[2].name`. */
  readonly path?: string;
}

/** A rendered text with the way back to the template. Lines and columns are 1-based. */
export interface TracedText {
  readonly text: string;
  /** The place in the template's file; undefined where a function filled in. */
  readonly locate: (line: number, column: number) => Origin | undefined;
  /** The same with the values that were read to make it; undefined for files that are no templates. */
  readonly originAt: (line: number, column: number) => TraceOrigin | undefined;
}

/** What a rendering takes from elsewhere than from the run. */
type Surroundings = Pick<CallContext, "trace" | "random" | "environment">;

/** What helmfile's functions may see of the rendering that they are called in. */
export interface RenderContext {
  readonly session: Session;
  /** Folder that readFile, exec and the `_*.tpl` files belong to. */
  readonly basePath: string;
  readonly set: TemplateSet;
  readonly includes: Map<string, number>;
  readonly place: Place | undefined;
}

const templateName = "stringTemplate";

/** A parsed text, and whether what it calls may write into the maps that it is given. */
interface KnownTemplate {
  readonly parsed: ParsedTemplate;
  readonly mayChangeData: boolean;
}

const knownTemplates = new Map<string, KnownTemplate>();
const maxKnown = 4096;

/** Functions that write into a map, or render a text of which nothing is known. */
const changingFunctions: ReadonlySet<string> = new Set([
  "expandSecretRefs",
  "merge",
  "mergeOverwrite",
  "mustMerge",
  "mustMergeOverwrite",
  "set",
  "setValueAtPath",
  "tpl",
  "unset",
]);

/** The function table, with an ear for what a parser asks it for. */
class AskedFunctions extends Map<string, GoFunction> {
  mayChangeData = false;

  override has(name: string): boolean {
    if (changingFunctions.has(name)) this.mayChangeData = true;
    return templateFunctions().has(name);
  }
}

function parse(text: string): KnownTemplate {
  let known = knownTemplates.get(text);
  if (known === undefined) {
    const functions = new AskedFunctions();
    const parsed = parseTemplate(templateName, text, { functions });
    known = { parsed, mayChangeData: functions.mayChangeData };
    if (knownTemplates.size >= maxKnown) knownTemplates.clear();
    knownTemplates.set(text, known);
  }
  return known;
}

/** pkg/tmpl/file_renderer.go of helmfile 1.8.0: templates of one folder, each with the folder's `_*.tpl` files at hand. */
export class Renderer {
  readonly session: Session;
  readonly basePath: string;
  constructor(session: Session, basePath: string) {
    this.session = session;
    this.basePath = basePath;
  }

  /** The text of `template` with `data` as dot. Throws `HelmfileError` with Go's text and the place in the file. */
  render(template: string, data: GoValue, place?: Place): string {
    if (template !== "" && !template.includes("{{")) return template;
    return this.#execute(template, data, place);
  }

  /** `tpl`: a text that is rendered while another is, and counts as a part of it. */
  renderInside(caller: CallContext, template: string, data: GoValue, place?: Place): string {
    if (!template.includes("{{")) return this.render(template, data, place);
    chargeParsing(caller);
    return this.#execute(template, data, place, { caller });
  }

  #execute(
    template: string,
    data: GoValue,
    place: Place | undefined,
    { caller, ...surroundings }: Partial<Surroundings> & { readonly caller?: CallContext | undefined } = {},
  ): string {
    if (caller === undefined) this.#count(noWork(), place);
    const set = new TemplateSet({ functions: templateFunctions(), missingKey: "error", name: templateName });
    for (const helper of this.session.helperTemplates(this.basePath)) {
      try {
        set.add(parse(helper.text).parsed);
      } catch (error) {
        throw asHelmfileError(
          error,
          { file: helper.path, line: 1 },
          `failed to parse helper template ${helper.path}: `,
        );
      }
    }
    const render: RenderContext = { session: this.session, basePath: this.basePath, set, includes: new Map(), place };
    const context: CallContext = { ...this.session.callContext, ...caller, engine: render, ...surroundings };
    if (caller !== undefined) shareWork(caller, context);
    try {
      const { parsed } = parse(template);
      if (caller !== undefined) context.trace?.inline(parsed);
      if (template !== "" || !set.has(templateName)) set.add(parsed);
      return set.execute(templateName, data, context);
    } catch (error) {
      throw asHelmfileError(error, place, "");
    } finally {
      if (caller === undefined) this.#count(workOf(context), place);
    }
  }

  /** Throws `HelmfileError` when the templates of the run did too much together. */
  #count(work: Work, place: Place | undefined): void {
    const wrong = addWork(this.session.work, work);
    if (wrong === undefined) return;
    throw new HelmfileError(wrong, { code: "template-failed", origin: place });
  }

  /** The text, and where each byte of it comes from; `seen` names what `data` has below `.Values`. Slower; the same bytes. */
  renderTraced(
    template: string,
    data: GoValue,
    place: Place,
    seen?: SeenEnvironment,
    surroundings: Partial<Omit<Surroundings, "trace">> = {},
  ): TracedText {
    if (!template.includes("{{"))
      return {
        text: template,
        locate: (line, column) => ({ file: place.file, line: place.line + line - 1, column }),
        originAt: () => undefined,
      };
    const recorder = new TraceRecorder();
    if (seen !== undefined) recorder.root(seen.values, ".Values");
    const environment = data instanceof GoObject ? data.goField("Environment") : undefined;
    if (environment instanceof GoObject) recorder.root(environment, ".Environment");
    const text = this.#execute(template, data, place, { ...surroundings, trace: recorder });
    const trace = recorder.latest;
    const starts = lineStarts(text);
    const originAt = (line: number, column: number): TraceOrigin | undefined => {
      const start = (starts[line - 1] ?? text.length) + column - 1;
      return trace?.originFrom(start, starts[line] ?? text.length);
    };
    const helpers = new Map(this.session.helperTemplates(this.basePath).map((helper) => [helper.text, helper.path]));
    return {
      text,
      locate: (line, column) => {
        const origin = originAt(line, column);
        if (origin === undefined) return undefined;
        const { paths, conditions } = readsBetween(
          trace!,
          starts[line - 1]! + column - 1,
          valueEnd(text, starts, line),
        );
        const helper = origin.text === template ? undefined : helpers.get(origin.text);
        const found =
          helper === undefined
            ? { file: place.file, line: place.line + origin.line - 1, column: origin.column }
            : { file: this.session.workspace.displayPath(helper), line: origin.line, column: origin.column };
        return rememberReads(found, seen === undefined ? [] : [{ paths, conditions, seen }]);
      },
      originAt,
    };
  }

  /**
   * `renderTraced` of what was rendered before: it takes nothing from the run's randomness and asks for no variable in the run's name.
   * Undefined when the template fails this time.
   */
  retrace(template: string, data: GoValue, place: Place, seen: SeenEnvironment): TracedText | undefined {
    try {
      const surroundings = { random: seededRandom("helmfile"), environment: this.session.environment };
      return this.renderTraced(template, data, place, seen, surroundings);
    } catch (error) {
      if (error instanceof HelmfileError) return undefined;
      throw error;
    }
  }

  /** Whether rendering a text may write into its dot. True also for a text that is no template. */
  mayChangeData(template: string): boolean {
    if (!template.includes("{{")) return false;
    try {
      const helpers = this.session.helperTemplates(this.basePath);
      return parse(template).mayChangeData || helpers.some((helper) => parse(helper.text).mayChangeData);
    } catch (error) {
      if (error instanceof TemplateError) return true;
      throw error;
    }
  }

  /** A file's bytes; rendered when its name ends in `.gotmpl`, with a dot that is told whether it may be changed. Throws `HelmfileError`. */
  renderFile(path: string, data: (mayChange: boolean) => GoValue): string {
    const content = this.session.readFile(path, (message) =>
      path.endsWith(".gotmpl")
        ? `failed to render [${path}], because of ${message}`
        : `failed to load [${path}]: ${message}`,
    );
    if (!/(^|\.)gotmpl$/.test(path)) return content;
    try {
      return this.render(content, data(this.mayChangeData(content)), {
        file: this.session.workspace.displayPath(path),
        line: 1,
      });
    } catch (error) {
      if (!(error instanceof HelmfileError)) throw error;
      throw new HelmfileError(`failed to render [${path}], because of ${error.message}`, error);
    }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function asHelmfileError(error: unknown, place: Place | undefined, prefix: string): unknown {
  if (!(error instanceof TemplateError)) return error;
  return new HelmfileError(prefix + error.message, {
    code: error.phase === "parse" ? "template-syntax" : "template-failed",
    origin: placeOf(error, place),
  });
}

/** Go counts lines from 1 inside the text and columns from 0. */
function placeOf(error: TemplateError, place: Place | undefined): Origin | undefined {
  if (place === undefined) return undefined;
  const path = place.path === undefined ? {} : { path: place.path };
  if (error.line <= 0) return { file: place.file, line: place.line, ...path };
  const column = error.column < 0 || place.path !== undefined ? {} : { column: error.column + 1 };
  return { file: place.file, line: place.line + error.line - 1, ...column, ...path };
}

/** A `_*.tpl` file. */
export interface HelperTemplate {
  readonly path: string;
  readonly text: string;
}

/** The `_*.tpl` files of a folder. */
export function findHelperTemplates(session: Session, basePath: string): HelperTemplate[] {
  const found: HelperTemplate[] = [];
  for (const path of session.workspace.glob(joinPaths(basePath, "_*.tpl"))) {
    const text = session.workspace.read(path);
    if (text === undefined)
      throw new HelmfileError(`failed to read helper template ${path}: read ${path}: is a directory`);
    found.push({ path, text });
  }
  return found;
}
