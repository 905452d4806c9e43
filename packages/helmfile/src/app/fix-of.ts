/** What to do about a fault, one sentence, by what its text says or else by its code; undefined when nothing is known. */
export function fixOf(code: string, message: string): string | undefined {
  return textFixes.find(([pattern]) => pattern.test(message))?.[1] ?? codeFixes.get(code);
}

/** Texts of Go, go-yaml and helmfile, which come with many codes. */
const textFixes: readonly (readonly [RegExp, string])[] = [
  [/excessive aliasing/, "write the values out instead of using aliases of aliases"],
  [/exceeded max depth|nested deeper than|nested too deep/, "nest less deeply"],
  [/found a tab character/, "indent with blanks: YAML allows no tabs"],
  [/control characters are not allowed|UTF-8/, "save the file as UTF-8 text without control characters"],
  [/field .+ not found in type/, "mend the name of the field, or take it away"],
  [/mapping key .+ already defined/, "keep one of the two keys, or join them"],
  [/cannot unmarshal !!/, "write a value of the kind that the field takes"],
  [/link leaves the workspace/, "put a file in place of the link, or name a root that holds both with --path"],
  [
    /no such file or directory|no matches for path|does not exist in "/,
    "add the file or mend the path, which counts from the helmfile's folder; only files below the workspace's root (--path) are read",
  ],
  [/too many levels of symbolic links/, "put a file in place of the link"],
  [/: permission denied/, "make the file readable"],
  [/is a directory/, "name a file"],
  [
    /more than \d+ rounds of loops|more than \d+ sets|bytes, more than|a string of \d+ bytes/,
    "make it smaller, or split it",
  ],
  [/map has no entry for key/, "set the value, or read it with `get` and a default"],
  [/function "[^"]*" not defined/, "mend the function's name; helmfile has its own functions and sprig's, not Helm's"],
  [/syntax error in pattern/, "close each [ of the pattern, or put a backslash before it"],
  [/paths match/, "name the folders; links that lead up make a pattern match without end"],
];

const codeFixes: ReadonlyMap<string, string> = new Map([
  ["chart-empty", "name the release's `chart`"],
  ["command-failed", "run the command by hand in the helmfile's folder, and mend what it says"],
  ["condition-invalid", "write `condition: NAME.enabled`, and set NAME.enabled in the environment's values"],
  ["condition-undefined", "set the value that the condition names in the environment's values"],
  ["environment-undefined", "add the environment to the helmfile, or choose another with -e"],
  ["environment-variable-missing", "give the variable with --env NAME=VALUE"],
  ["hcl-cycle", "take one of the references away"],
  ["hcl-invalid", "mend the expression shown"],
  ["hcl-undefined", "define the value, or mend its name"],
  ["helmfile-ambiguous", "keep one of them, or name it with --file"],
  ["helmfile-error", "mend the place shown; helmfile itself says the same"],
  ["helmfile-invalid", "mend the YAML; in a .gotmpl file it is what the templates make of it"],
  ["helmfile-missing", "name the helmfile with --file, or `helmfile` in tiphys.yaml"],
  [
    "helmfile-order",
    "give the file top-level keys of a helmfile, such as `releases`, with `---` lines between bases, environments and releases",
  ],
  ["helmfile-recursion", "take the entry away that leads back"],
  ["helmfile-too-large", "name each file, template and release once, or split the estate into several workspaces"],
  ["inherit-cycle", "take one of the `inherit` entries away"],
  ["inherit-except-invalid", "name only fields that `except` allows"],
  ["inherit-undefined", "add the template under `templates`, or mend its name"],
  ["lock-incomplete", "write the lock file anew with helmfile deps"],
  ["lock-invalid", "write the lock file anew with helmfile deps"],
  ["missing-file-handler-invalid", "use Error, Warn, Info or Debug"],
  ["needs-cycle", "take one of the needs away"],
  ["needs-undefined", "mend the name ([context/]namespace/name), or take the need away"],
  ["no-matching-release", "mend the selector, or choose another environment"],
  ["reference-failed", "mend the reference, or write the value down"],
  ["release-duplicate", "rename one of them, or give it another namespace"],
  ["release-invalid", "mend the field"],
  ["remote-helmfile-wanted", "put a copy of it into the workspace, and name that"],
  ["secrets-unreadable", "encrypt the file with sops, or read it as it is with --secrets plain"],
  ["sub-helmfile-missing", "add the file, or mend the path"],
  ["template-failed", "mend the expression shown, or the values that it reads"],
  ["template-syntax", "mend the template; each {{ needs its }}, each if, with and range its end"],
  ["values-file-invalid", "make the file a map in YAML"],
  ["values-glob", "name one file for each entry"],
  ["values-invalid", "give file names or maps"],
  ["yaml-invalid", "mend the YAML"],
]);
