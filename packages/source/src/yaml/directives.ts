import { parserError } from "./error.ts";
import type { Scanner } from "./scanner.ts";
import * as T from "./token.ts";
import type { Token } from "./token.ts";

interface TagDirective {
  readonly handle: string;
  readonly prefix: string;
}

/** The `%YAML` and `%TAG` lines of a document (parserc.go, yaml_parser_process_directives). */
export class Directives {
  private readonly v3: boolean;
  private tags: TagDirective[] = [];

  constructor(v3: boolean) {
    this.v3 = v3;
  }

  /** Takes the directives in front of a document and adds the two that always hold. Throws `YamlError`. */
  process(scanner: Scanner): void {
    let version = false;
    let token = scanner.peek();
    for (; token.type === T.VERSION_DIRECTIVE || token.type === T.TAG_DIRECTIVE; token = scanner.peek()) {
      if (token.type === T.VERSION_DIRECTIVE) {
        if (version) throw parserError(this.v3, "found duplicate %YAML directive", token.line);
        if (token.value !== "1" || token.suffix !== "1") {
          throw parserError(this.v3, "found incompatible YAML document", token.line);
        }
        version = true;
      } else this.add(token.value, token.suffix, token.line);
      scanner.skip();
    }
    if (!this.has("!")) this.tags.push({ handle: "!", prefix: "!" });
    if (!this.has("!!")) this.tags.push({ handle: "!!", prefix: "tag:yaml.org,2002:" });
  }

  /** A document's tags end with it. */
  forget(): void {
    this.tags = [];
  }

  /** The long form of a tag token; `start` is where its node begins. Throws `YamlError` for an unknown handle. */
  resolve(token: Token, start: Token): string {
    if (token.value === "") return token.suffix;
    const directive = this.tags.find((known) => known.handle === token.value);
    const tag = directive === undefined ? "" : directive.prefix + token.suffix;
    if (tag === "") throw parserError(this.v3, "found undefined tag handle", token.line, start.line);
    return tag;
  }

  private has(handle: string): boolean {
    return this.tags.some((known) => known.handle === handle);
  }

  private add(handle: string, prefix: string, line: number): void {
    if (this.has(handle)) throw parserError(this.v3, "found duplicate %TAG directive", line);
    this.tags.push({ handle, prefix });
  }
}
