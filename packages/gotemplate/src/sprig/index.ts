import type { FunctionTable } from "../function.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictionaryFunctions } from "./dictionaries.ts";
import { certificateFunctions } from "./certificates.ts";
import { cryptoFunctions } from "./crypto.ts";
import { dateFunctions } from "./dates.ts";
import { environmentFunctions } from "./environment.ts";
import { encodingFunctions } from "./encoding.ts";
import { listFunctions } from "./lists.ts";
import { numberFunctions } from "./numbers.ts";
import { pathFunctions } from "./paths.ts";
import { reflectionFunctions } from "./reflection.ts";
import { regexFunctions } from "./regex.ts";
import { semverFunctions } from "./semver.ts";
import { stringFunctions } from "./strings.ts";
import { urlFunctions } from "./url.ts";

export { encodeJson, type JsonEncodeOptions, type JsonMarshaler } from "./json-encode.ts";
export { decodeJson, decodeJsonAt, JsonSyntaxError, type DecodedJson, type JsonWording } from "./json-decode.ts";
export { strval, toFloat64, toInt64 } from "./cast.ts";
export { parseUrl, type Url } from "./url.ts";
export { expandVariables } from "./environment.ts";
export { isEmpty } from "./defaults.ts";
export { library, type Libraries, provideLibraries } from "./libraries.ts";
export { compileGoRegexp, type GoRegexp, type SubmatchIndex } from "./go-regexp.ts";
export { type Constraints, parseConstraints } from "./semver-constraints.ts";
export { semverFunctions } from "./semver.ts";
export { parseStrictVersion, parseVersion, type Version } from "./semver-version.ts";
export { formatDuration, GoDuration, parseDuration } from "./duration.ts";
export { type DateParts, GoTime, timeFromDate, timeNow } from "./go-time.ts";
export { lowerCase, upperCase } from "./strings.ts";
export { months, weekdays } from "./time-layout.ts";
export { parseTime } from "./time-parse.ts";
export { fixedZone, loadTimeZone, localTimeZone, type TimeZone, utc } from "./time-zone.ts";
export { mergeMaps, type MergeOptions } from "./merge.ts";

let table: FunctionTable | undefined;

/** All functions of sprig 3.3.0's text function map, by name; one table, built at the first call. */
export function sprigFunctions(): FunctionTable {
  const chapters = [
    stringFunctions,
    numberFunctions,
    listFunctions,
    dictionaryFunctions,
    defaultFunctions,
    reflectionFunctions,
    pathFunctions,
    encodingFunctions,
    regexFunctions,
    semverFunctions("3.5"),
    dateFunctions,
    urlFunctions,
    environmentFunctions,
    cryptoFunctions,
    certificateFunctions,
  ];
  return (table ??= new Map(chapters.flat().map((fn) => [fn.name, fn])));
}
