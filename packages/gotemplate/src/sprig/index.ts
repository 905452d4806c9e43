import type { FunctionTable } from "../function.ts";
import { defaultFunctions } from "./defaults.ts";
import { dictionaryFunctions } from "./dictionaries.ts";
import { encodingFunctions } from "./encoding.ts";
import { listFunctions } from "./lists.ts";
import { numberFunctions } from "./numbers.ts";
import { pathFunctions } from "./paths.ts";
import { reflectionFunctions } from "./reflection.ts";
import { stringFunctions } from "./strings.ts";

export { encodeJson, type JsonEncodeOptions, type JsonMarshaler } from "./json-encode.ts";
export { decodeJson, type DecodedJson } from "./json-decode.ts";
export { strval, toFloat64, toInt64 } from "./cast.ts";
export { isEmpty } from "./defaults.ts";
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
  ];
  return (table ??= new Map(chapters.flat().map((fn) => [fn.name, fn])));
}
