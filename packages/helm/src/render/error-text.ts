import { TemplateError } from "@tiphys/gotemplate";
import { HelmError } from "../error.ts";
import type { Profile } from "../profile.ts";
import { warnEnd, warnStart } from "./functions.ts";

/* cleanupParseError, reformatExecErrorMsg and parseTemplateExecErrorString of pkg/engine/engine.go (Helm 4.2.4). */

/** Helm's text for a template that cannot be parsed or executed. */
export function helmTemplateError(error: TemplateError, fileName: string, profile: Profile): HelmError {
  const message =
    error.phase === "parse" ? parseErrorText(error, fileName) : executionErrorText(error, fileName, profile);
  const place = {
    file: error.parseName,
    ...(error.line > 0 ? { line: error.line } : {}),
    ...(error.column >= 0 ? { column: error.column + 1 } : {}),
  };
  return new HelmError(error.phase === "parse" ? "template-parse" : "template-execution", message, {
    hasRelease: true,
    place,
    cause: error,
  });
}

function parseErrorText(error: TemplateError, fileName: string): string {
  const tokens = error.message.split(": ");
  if (tokens.length === 1) return `parse error in (${fileName}): ${error.message}`;
  return `parse error at (${tokens[1]}): ${tokens.at(-1)}`;
}

function executionErrorText(error: TemplateError, fileName: string, profile: Profile): string {
  const { message } = error;
  if (error.line === 0 && message.startsWith("template: no template ")) return message;
  const first = message.indexOf(": ");
  const second = first < 0 ? -1 : message.indexOf(": ", first + 2);
  if (second < 0) return `execution error in (${fileName}): ${message}`;
  const location = message.slice(first + 2, second);
  const rest = message.slice(second + 2);
  const start = rest.indexOf(warnStart);
  const end = rest.lastIndexOf(warnEnd);
  if (start >= 0 && end >= start + warnStart.length) {
    return `execution error at (${location}): ${rest.slice(start + warnStart.length, end)}`;
  }
  return profile.multiLineErrors ? traceText(error) : message;
}

/** The chain of errors over several lines; Go's own line where a link of it is no template error. */
function traceText(error: TemplateError): string {
  const links: string[] = [];
  let current: unknown = error;
  while (current instanceof Error) {
    const link = traceableText(current.message);
    if (link === undefined) return error.message;
    if (links.at(-1) !== link) links.push(link);
    current = current.cause;
  }
  return links.join("").trim();
}

/** One link, or undefined when its text has none of the known forms. */
function traceableText(message: string): string | undefined {
  const prefix = "template: ";
  if (!message.startsWith(prefix)) return undefined;
  const remainder = message.slice(prefix.length);
  if (remainder.startsWith("no template ")) return `${message}\n`;
  return executingText(remainder) ?? simpleText(remainder);
}

/** `NAME: executing "FUNCTION" at <NODE>: MESSAGE` */
function executingText(remainder: string): string | undefined {
  const cut = remainder.indexOf(": executing ");
  if (cut < 0) return undefined;
  const location = remainder.slice(0, cut);
  const after = remainder.slice(cut + ": executing ".length);
  if (!after.startsWith('"')) return undefined;
  const endQuote = after.indexOf('"', 1);
  if (endQuote < 0) return undefined;
  const functionName = after.slice(1, endQuote);
  const afterFunction = after.slice(endQuote + 1);
  if (!afterFunction.startsWith(" at <")) return undefined;
  const afterAt = afterFunction.slice(" at <".length);
  const close = afterAt.indexOf(">: ");
  if (close < 0) return undefined;
  const node = afterAt.slice(0, close);
  const text = cutNextError(afterAt.slice(close + ">: ".length));
  return linkText(location, `executing "${functionName}" at <${node}>:`, text);
}

/** `NAME: MESSAGE` */
function simpleText(remainder: string): string | undefined {
  const separator = remainder.lastIndexOf(": ");
  if (separator < 0) return undefined;
  return linkText(remainder.slice(0, separator), "", cutNextError(remainder.slice(separator + 2)));
}

function cutNextError(text: string): string {
  const cut = text.indexOf(" template:");
  return cut < 0 ? text : text.slice(0, cut);
}

function linkText(location: string, executed: string, message: string): string {
  let text = "";
  if (location !== "") text += `${location}\n  `;
  if (executed !== "") text += `${executed}\n    `;
  return message === "" ? text : `${text}${message}\n`;
}
