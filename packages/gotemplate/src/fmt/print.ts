import type { GoValue } from "../value.ts";

/** Go's `fmt.Sprintf`. */
export function formatGo(_format: string, _args: readonly GoValue[]): string {
  throw new Error("not yet");
}
/** Go's `fmt.Sprint`: a space between two operands when neither is a string. */
export function sprint(_args: readonly GoValue[]): string {
  throw new Error("not yet");
}
/** Go's `fmt.Sprintln`. */
export function sprintln(_args: readonly GoValue[]): string {
  throw new Error("not yet");
}
