/** What a `TemplateError` knows besides its text. All strings are byte strings. */
export interface TemplateErrorDetails {
  /** `parse`: the text is not a template; `exec`: its execution failed. */
  readonly phase: "parse" | "exec";
  /** Go's full text, e.g. `template: a.yaml:3:7: executing "a.yaml" at <.x.y>: nil pointer evaluating …`. */
  readonly message: string;
  /** The name under which the text was parsed: the file. */
  readonly parseName: string;
  /** The template that was executing: the file or one of its definitions. */
  readonly templateName: string;
  /** Line, from 1. 0 where Go names no place. */
  readonly line: number;
  /** Byte column, from 0, as Go prints it. -1 where Go names none (all parse errors). */
  readonly column: number;
  /** The text of the node at fault as Go prints it: what stands between `<` and `>`. Empty for parse errors. */
  readonly nodeText: string;
  /** The message without its place: `nil pointer evaluating interface {}.foo`. */
  readonly detail: string;
  /** What a function threw, when the message is `error calling NAME: …`. */
  readonly cause?: unknown;
  /** True when templates call each other deeper than Go or the JavaScript stack allows. */
  readonly depthExceeded?: boolean;
}

/** A template that cannot be parsed or executed; `message` is Go's text. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly phase: "parse" | "exec";
  readonly parseName: string;
  readonly templateName: string;
  readonly line: number;
  readonly column: number;
  readonly nodeText: string;
  readonly detail: string;
  readonly depthExceeded: boolean;
  constructor(details: TemplateErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.phase = details.phase;
    this.parseName = details.parseName;
    this.templateName = details.templateName;
    this.line = details.line;
    this.column = details.column;
    this.nodeText = details.nodeText;
    this.detail = details.detail;
    this.depthExceeded = details.depthExceeded ?? false;
  }
}
