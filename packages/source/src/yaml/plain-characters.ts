/** Bytes beyond ASCII in one piece; a pattern is not asked about more. */
const longestRun = 4096;

const unusual = /[^\n\t\x20-\x7e]/;
const notAscii = /[^\n\t\x20-\x7e]+/g;
/** UTF-8 without line breaks (NEL, LS, PS), controls, byte order marks and surrogates. */
const letters =
  /^(?:\xc2[\xa0-\xbf]|[\xc3-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xe2(?:\x80[\x80-\xa7\xaa-\xbf]|[\x81-\xbf][\x80-\xbf])|[\xe1\xe3-\xec\xee][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2})+$/;

/** Whether the exact reader takes every character of the text as it is. */
export function isReadable(text: string): boolean {
  if (!unusual.test(text)) return true;
  for (const [run] of text.matchAll(notAscii)) if (run.length > longestRun || !letters.test(run)) return false;
  return true;
}
