import { bindClosure, type Closure, type Scope } from "./machine.ts";
import { parseJq } from "./parse.ts";

/**
 * Functions that jq defines in jq itself: what they are is said by the jq 1.7 manual, which gojq v0.12.19 follows
 * (builtin.jq). Later ones see earlier ones and themselves.
 */
const definitions = [
  "def match($re; $flags): _match($re; $flags; false) | .[];",
  "def match($re): match($re; null);",
  "def test($re; $flags): _match($re; $flags; true);",
  "def test($re): test($re; null);",
  "def capture($re; $flags): match($re; $flags).captures | _captures;",
  "def capture($re): capture($re; null);",
  'def scan($re; $flags): match($re; $flags + "g") | if .captures == [] then .string else .captures | map(.string) end;',
  "def scan($re): scan($re; null);",
  `def splits($re; $flags):
     .[foreach (match($re; $flags + "g"), null) as $found ({}; {start: .next, end: $found.offset, next: ($found.offset + $found.length)})];`,
  "def splits($re): splits($re; null);",
  "def split($re; $flags): [splits($re; $flags)];",
  `def sub($re; replacement; $flags):
     . as $text
     | reduce match($re; $flags) as $found ({next: null, made: []};
         .next as $from
         | reduce ($found.captures | _captures | replacement) as $new ({at: 0, made};
             .made[.at] += $text[$from:$found.offset] + $new | .at += 1)
         | {made, next: ($found.offset + $found.length)})
     | .next as $from | (.made[] + $text[$from:]) // $text;`,
  "def sub($re; replacement): sub($re; replacement; null);",
  'def gsub($re; replacement; $flags): sub($re; replacement; $flags + "g");',
  'def gsub($re; replacement): sub($re; replacement; "g");',

  'def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%S%z") | mktime;',
  "def fromdate: fromdateiso8601;",
  'def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");',
  "def todate: todateiso8601;",

  "def combinations: if length == 0 then [] else .[0][] as $first | .[1:] | combinations | [$first] + . end;",
  "def combinations(n): [limit(n; repeat(.))] | combinations;",
  "def INDEX(rows; key): reduce rows as $row ({}; .[$row | key | tostring] = $row);",
  "def INDEX(key): INDEX(.[]; key);",
  "def JOIN($index; key): [.[] | [., $index[key]]];",
  "def JOIN($index; rows; key): rows | [., $index[key]];",
  "def JOIN($index; rows; key; pair): JOIN($index; rows; key) | pair;",

  `def tostream:
     path(def inner_first: (.[]? | inner_first), .; inner_first) as $path
     | getpath($path) | reduce path(.[]?) as $last ([$path, .]; [$path + $last]);`,
  `def fromstream(events):
     foreach events as $event (null;
       (if .done then null else . end)
       | if $event | length == 2
         then setpath(["value"] + $event[0]; $event[1]) | .done = ($event[0] == [])
         else .done = ($event[0] | length == 1) end;
       if .done then .value else empty end);`,
  "def truncate_stream(events): . as $depth | null | events | if .[0] | length > $depth then .[0] |= .[$depth:] else empty end;",
  "def finites: select(isfinite);",
  "def normals: select(isnormal);",
];

let prelude: ReadonlyMap<string, Closure> | undefined;

function readPrelude(): ReadonlyMap<string, Closure> {
  const functions = new Map<string, Closure>();
  let scope: Scope | undefined;
  for (const text of definitions) {
    const node = parseJq(`${text} .`);
    if (node.type !== "define") throw new Error(`no jq definition: ${text}`);
    const { name, parameters, body } = node.definition;
    const key = `${name}/${parameters.length}`;
    const closure: Closure = { body, parameters, scope: undefined };
    scope = bindClosure(scope, key, closure);
    closure.scope = scope;
    functions.set(key, closure);
  }
  return functions;
}

/** `name/arity` of every function that is written in jq. */
export function preludeNames(): Iterable<string> {
  return (prelude ??= readPrelude()).keys();
}

/** The built-in function that is written in jq, by `name/arity`. */
export function findPreludeFunction(name: string): Closure | undefined {
  return (prelude ??= readPrelude()).get(name);
}
