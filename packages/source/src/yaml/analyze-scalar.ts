import { breakLength, isBlankOrEnd, LF, sequenceLength, SPACE, TAB } from "./characters.ts";

/** What a scalar's characters allow (yaml_emitter_analyze_scalar). */
export interface ScalarAnalysis {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

const simpleText: ScalarAnalysis = { multiline: false, plain: true, single: true, block: true };
/** The analysis of "". */
export const emptyText: ScalarAnalysis = { multiline: false, plain: true, single: true, block: false };

/** go-yaml's is_printable; everything from U+10000 on is not. */
export function isPrintable(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  if (c < 0x7f) return c >= 0x20 || c === LF;
  const next = text.charCodeAt(at + 1);
  if (c === 0xc2) return next >= 0xa0;
  if (c > 0xc2 && c < 0xed) return true;
  if (c === 0xed) return next < 0xa0;
  if (c === 0xee) return true;
  if (c !== 0xef) return false;
  const third = text.charCodeAt(at + 2);
  return !(next === 0xbb && third === 0xbf) && !(next === 0xbf && (third === 0xbe || third === 0xbf));
}

/** Text that is plain everywhere: begins with a letter and holds nothing that could mean anything. */
const harmless = /^[A-Za-z0-9_./][A-Za-z0-9_./=+@%-]*$/;

/** Printable ASCII and line feeds, of which a few searches tell all there is to know. */
const usual = /^[\n\x20-\x7e]*$/;
const indicator = /^(?:---|\.\.\.|[#,[\]{}&*!|>'"%@`]|[?-](?: |$))| #|:(?: |$)/;

function analyzeUsual(text: string): ScalarAnalysis {
  const multiline = text.includes("\n");
  const endsInSpace = text.endsWith(" ");
  const spaceBreak = multiline && text.includes(" \n");
  return {
    multiline,
    plain: !multiline && !endsInSpace && text.charCodeAt(0) !== SPACE && !indicator.test(text),
    single: !spaceBreak && !(multiline && text.includes("\n ")),
    block: !endsInSpace && !spaceBreak,
  };
}

/** Characters that make a scalar unfit for plain when it begins with them. */
const leadingIndicators = new Set([..."#,[]{}&*!|>'\"%@`"].map((c) => c.charCodeAt(0)));

/** Looks at a scalar once, as yaml_emitter_analyze_scalar does; only what matters in block context. */
export function analyzeScalar(text: string, v3: boolean): ScalarAnalysis {
  if (text === "") return emptyText;
  if (harmless.test(text) && !text.startsWith("...")) return simpleText;
  if (usual.test(text)) return analyzeUsual(text);
  let indicators = text.startsWith("---") || text.startsWith("...");
  let special = false;
  let tab = false;
  let breaks = false;
  let breakSpace = false;
  let spaceBreak = false;
  let afterSpace = false;
  let afterBreak = false;
  let precededByBlank = true;
  for (let i = 0; i < text.length;) {
    const c = text.charCodeAt(i);
    const width = sequenceLength(c) || 1;
    if (i === 0 ? leadingIndicators.has(c) : c === 35 && precededByBlank) indicators = true;
    if (c === 58 || (i === 0 && (c === 63 || c === 45))) {
      const next = text.charCodeAt(i + 1);
      if (i + 1 >= text.length || next === SPACE || next === TAB) indicators = true;
    }
    if (v3 && c === TAB) tab = true;
    else if (!isPrintable(text, i)) special = true;
    const isBreak = c !== SPACE && breakLength(text, i) > 0;
    if (c === SPACE) {
      if (afterBreak) breakSpace = true;
    } else if (isBreak) {
      breaks = true;
      if (afterSpace) spaceBreak = true;
    }
    afterSpace = c === SPACE;
    afterBreak = isBreak;
    precededByBlank = isBlankOrEnd(text, i);
    i += width;
  }
  const first = text.charCodeAt(0);
  const edges = first === SPACE || breakLength(text, 0) > 0 || afterSpace || afterBreak;
  return {
    multiline: breaks,
    plain: !(indicators || special || tab || breaks || edges),
    single: !(breakSpace || spaceBreak || special || tab),
    block: !(afterSpace || spaceBreak || special),
  };
}
