/* YAML decoded into Go's structs, for other files that Go programs read this way. */
export { Decoder } from "./decode.ts";
export { flag, structs, structSchema, text, textMap, texts, valueMap } from "./schema.ts";
export type { Field, StructOf, StructSchema, ValueOf } from "./schema.ts";
