export { define, FunctionError } from "./function.ts";
export type { FunctionTable } from "./function.ts";
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
