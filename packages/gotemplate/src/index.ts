export { TemplateError } from "./error.ts";
export type { TemplateErrorDetails } from "./error.ts";
export { formatGo, sprint, sprintln } from "./fmt/print.ts";
export { define, FunctionError } from "./function.ts";
export type { FunctionTable } from "./function.ts";
export { parseTemplate, renameTemplate } from "./parse/parse.ts";
export type { ParsedTemplate, ParseOptions } from "./parse/parse.ts";
export { deepEqual, goKind, goTypeName, isTrue, mapKeysSorted } from "./reflect.ts";
export { formatFloat } from "./strconv/ftoa.ts";
export { quoteGo } from "./strconv/quote.ts";
export { TemplateSet } from "./template-set.ts";
export type { CompileOptions } from "./template-set.ts";
export { TraceRecorder } from "./trace/recorder.ts";
export type { Trace, TraceOrigin } from "./trace/trace.ts";
export type { ValuePath } from "./trace/value-path.ts";
export {
  byteStringToBytes,
  bytesToByteString,
  fromByteString,
  GoMap,
  GoNumber,
  GoObject,
  int64,
  isNilSlice,
  nilSlice,
  sliceTypeOf,
  toByteString,
  typedSlice,
} from "./value.ts";
export type { CallContext, GoFunction, GoKind, GoNumberType, GoValue, RandomSource } from "./value.ts";
export { seededRandom } from "./random.ts";
export { log10, log2, pow, scaled, splitExponent } from "./go-math.ts";
export { sortSlice } from "./sort-slice.ts";
export { largestOutput } from "./output-limit.ts";
export { addWork, chargeParsing, noWork, shareWork, workOf } from "./work.ts";
export type { Work } from "./work.ts";
