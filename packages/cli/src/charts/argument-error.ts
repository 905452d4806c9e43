import { toByteString } from "@tiphys/gotemplate";

/** A command line that Helm refuses; `message` is Helm's, a byte string. */
export class TemplateArgumentError extends Error {
  override readonly name = "TemplateArgumentError";

  /** With a message in UTF-16 text. */
  static of(text: string): TemplateArgumentError {
    return new TemplateArgumentError(toByteString(text));
  }
}
