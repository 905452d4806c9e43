/** Whether an error says that the JavaScript stack is used up, in the words of V8, SpiderMonkey or JavaScriptCore. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /^(Maximum call stack size exceeded|too much recursion)/.test(error.message);
}
