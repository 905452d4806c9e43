/* `Reader.Read` of Go's encoding/csv as pflag calls it: the first record that is not empty. Texts are byte strings. */

/** What is wrong with a record, in Go's words. */
export class CsvError extends Error {
  override readonly name = "CsvError";
}

/** The fields of the first record. Throws `CsvError`. */
export function readCsvRecord(text: string): string[] {
  const lines = linesOf(text);
  let number = lines.findIndex((line) => line !== "\n");
  if (number < 0) throw new CsvError("EOF");
  const first = number;
  let line = lines[number]!;
  let column = 1;
  const fields: string[] = [];
  const fail = (at: number, reason: string): never => {
    const start = first === number ? "" : `record on line ${first + 1}; `;
    throw new CsvError(`${start}parse error on line ${number + 1}, column ${at}: ${reason}`);
  };
  for (;;) {
    if (!line.startsWith('"')) {
      const comma = line.indexOf(",");
      const field = comma >= 0 ? line.slice(0, comma) : line.replace(/\n$/, "");
      const quote = field.indexOf('"');
      if (quote >= 0) fail(column + quote, 'bare " in non-quoted-field');
      fields.push(field);
      if (comma < 0) return fields;
      line = line.slice(comma + 1);
      column += comma + 1;
      continue;
    }
    let field = "";
    line = line.slice(1);
    column++;
    for (;;) {
      const quote = line.indexOf('"');
      if (quote < 0) {
        if (line === "") fail(column, 'extraneous or missing " in quoted-field');
        field += line;
        column += line.length;
        line = lines[number + 1] ?? "";
        if (line !== "") [number, column] = [number + 1, 1];
        continue;
      }
      field += line.slice(0, quote);
      line = line.slice(quote + 1);
      column += quote + 1;
      if (!line.startsWith('"')) break;
      field += '"';
      line = line.slice(1);
      column++;
    }
    fields.push(field);
    if (line === "" || line === "\n") return fields;
    if (!line.startsWith(",")) fail(column - 1, 'extraneous or missing " in quoted-field');
    line = line.slice(1);
    column++;
  }
}

/** Lines with their breaks, which are `\n` however they were written; a `\r` at the very end is dropped. */
function linesOf(text: string): string[] {
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => line.replace(/\r\n$/, "\n").replace(/\r$/, ""));
}
