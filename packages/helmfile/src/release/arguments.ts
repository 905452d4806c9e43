/* pkg/argparser/args.go of helmfile 1.8.0. */

/** Splits extra arguments as helmfile does: by blanks, flags grouped by name in order of first sight, bare words dropped. */
export function collectArguments(text: string): string[] {
  const words = text.split(" ").filter((word) => word !== "");
  const flags = new Map<string, string[][]>();
  const add = (name: string, parts: string[]): void => {
    flags.set(name, [...(flags.get(name) ?? []), parts]);
  };
  words.forEach((word, index) => {
    if (!word.startsWith("-")) return;
    const equals = word.indexOf("=");
    if (equals >= 0) {
      const name = word.slice(0, equals);
      const value = word.slice(equals + 1);
      add(name, value === "" ? [name] : [`${name}=${value}`]);
      return;
    }
    const next = words[index + 1];
    add(word, next === undefined || next.startsWith("-") ? [word] : [word, next]);
  });
  return [...flags.values()].flat(2);
}
