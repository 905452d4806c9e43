import type { Random } from "./random.ts";

/** Texts in Lua's own notation. */
const texts = [
  `""`,
  `"a"`,
  `"web-1"`,
  `"Ready"`,
  `"v1.2.3"`,
  `"10"`,
  `" 7 "`,
  `"0x1F"`,
  `"1e3"`,
  `"017"`,
  `"-2.5"`,
  `"key=value, other=two"`,
  `"a.b.c"`,
  `"a\\tb\\n"`,
  `"ünï"`,
  `"\\0\\65\\255"`,
  `'say "hi"'`,
  `[[long\nbracket]]`,
  `[==[a]]b]==]`,
  `"100%"`,
  `"[x](y)"`,
  `"2024-01-02T03:04:05Z"`,
  `obj.metadata.name`,
  `obj.kind`,
] as const;
const numbers = [
  "0",
  "1",
  "2",
  "3",
  "-1",
  "7",
  "0.5",
  "2.75",
  "-3.25",
  "1e3",
  "1e21",
  "1e-7",
  "123456789012345680",
  "0x10",
  "1/3",
  "math.huge",
  "1/0",
  "-1/0",
  "#t",
  "obj.spec.replicas",
  "2^53",
  "100",
] as const;
const patterns = [
  "a",
  ".",
  ".-",
  "%d+",
  "^%s*(.-)%s*$",
  "(%w+)=(%w+)",
  "[^.]+",
  "[%a_][%w_]*",
  "%b[]",
  "()b()",
  "(.)%1",
  "[a-c]",
  "[^a-c%d]+",
  "%.",
  "(%d+)%.(%d+)",
  "^v?(%d+)",
  "$",
  "^",
  "x*",
  "%u%l+",
  "[%]x]",
  "[]]",
  "[-a]",
  "%f[%w]%w+",
  "%z",
  "%",
  "(",
  ")",
  "[",
  "(a",
  "%1",
  "a?b",
  "%S+$",
  "%p",
  "-",
  "*",
  "%g",
  "e+",
  "([^,]*),?",
  "T.*Z",
] as const;
const replacements = [
  `"x"`,
  `"%0%0"`,
  `"<%1>"`,
  `"%2"`,
  `"%%"`,
  `"%"`,
  `"%x"`,
  `""`,
  `{a = "A", web = 1, key = false}`,
  `function(m, n) return m .. "!" end`,
  `function() return nil end`,
  `string.upper`,
  `function(m) return #m end`,
] as const;
const formats = [
  "%s",
  "%d",
  "%5d|",
  "%-5d|",
  "%05d",
  "%+d",
  "% d",
  "%x",
  "%X",
  "%#x",
  "%o",
  "%c",
  "%e",
  "%E",
  "%g",
  "%G",
  "%f",
  "%.2f",
  "%8.3f|",
  "%q",
  "%i",
  "%v",
  "%t",
  "%u",
  "%%",
  "%5s|",
  "%-8s|",
  "%.1s",
  "%",
  "%z",
  "%5",
  "%s of %s",
  "%d/%d",
  "%s: %d%%",
  "%.3g",
  "%+.1e",
  "%U",
  "%b",
  "%p%s",
  "%08.2f",
  "%*d",
  "%[1]s",
  "%T",
  "%6.2f%%",
  "% x",
  "%+q",
  "%#q",
  "%+v",
  "%.0f",
  "%10.4s|",
] as const;
const dates = [
  "%Y-%m-%d",
  "!%Y-%m-%dT%H:%M:%SZ",
  "%c",
  "%x %X",
  "%a %A %b %B",
  "%p %P %I",
  "%F %w %z %Z",
  "%j %%",
  "*t",
  "!*t",
  "%",
  "%E%",
] as const;
const lists = [
  "t",
  "{3, 1, 2}",
  "{}",
  `{"b", "a", "c"}`,
  "{1, nil, 3}",
  "{n = 1, 5}",
  "{[1] = 1, [2] = 2, [4] = 4}",
  `{1, "2", 3.5}`,
  "{nil, 2}",
  "{f()}",
  "{f(), 0}",
  "{(f())}",
  "{1, 2, nil}",
  "{{1}, {2}}",
] as const;
const unaryMath = ["abs", "ceil", "floor", "sqrt", "deg", "rad", "modf", "frexp"] as const;
const operators = ["+", "-", "*", "/", "%", "..", "==", "~=", "<", "<=", ">", ">=", "and", "or"] as const;

/** Programs of argocd-cm's scripts: each says what a few expressions give, or with what they fail. */
export class LuaGrammar {
  readonly #random: Random;
  constructor(random: Random) {
    this.#random = random;
  }

  /** A script whose message is what was said. */
  script(status: string): string {
    const random = this.#random;
    const parts = random.list(1, 6, () =>
      random.chance(0.6)
        ? `say(pcall(function() return ${this.#any(0)} end))`
        : `say(pcall(function()\n${this.#statements()}\nend))`,
    );
    return `local out = {}
local t = {"b", "a", "c", "d"}
local function f() return 1, nil, "x" end
local function plain(v) if type(v) == "table" or type(v) == "function" or type(v) == "userdata" then return "inside" end return v end
local function show(v)
  if type(v) == "table" then
    local keys = {}
    for k, e in pairs(v) do table.insert(keys, (type(k) == "table" and "{}" or type(k) == "function" and "f" or tostring(k)) .. "=" .. (type(e) == "table" and "{}" or type(e) == "function" and "f" or tostring(e))) end
    return "{" .. table.concat(keys, ",") .. "}"
  end
  return type(v) == "function" and "function" or tostring(v)
end
local function say(...)
  for i = 1, select("#", ...) do table.insert(out, show((select(i, ...)))) end
  table.insert(out, ";")
end
${parts.join("\n")}
local message = table.concat(out, " ")
if string ~= nil then message = string.gsub(message, "0x%x%x%x%x%x+", "0x0") end
return {status = "${status}", message = message}
`;
  }

  #any(depth: number): string {
    const random = this.#random;
    const choice = random.below(depth > 2 ? 4 : 12);
    if (choice === 0) return this.#text(depth + 1);
    if (choice === 1) return this.#number(depth + 1);
    if (choice === 2) return random.pick(["true", "false", "nil", "obj.none", "f()", "(f())", "t", "..."].slice(0, 7));
    if (choice === 3) return this.#list();
    if (choice === 4) return `${this.#any(depth + 1)} ${random.pick(operators)} ${this.#any(depth + 1)}`;
    if (choice === 5)
      return `${random.pick(["not ", "#", "-", "tostring ", "tonumber ", "type "])}(${this.#any(depth + 1)})`;
    if (choice === 6) return this.#base(depth + 1);
    if (choice === 7) return this.#pattern(depth + 1);
    if (choice === 8) return this.#format(depth + 1);
    if (choice === 9) return this.#table(depth + 1);
    return random.chance(0.5) ? this.#text(depth + 1) : this.#number(depth + 1);
  }

  /** Mostly a text. */
  #text(depth: number): string {
    const random = this.#random;
    if (random.chance(0.05)) return this.#any(depth + 1);
    const choice = random.below(depth > 2 ? 1 : 9);
    if (choice < 3) return random.pick(texts);
    const text = this.#text(depth + 1);
    if (choice === 3) return `(${text}):${random.pick(["upper()", "lower()", "reverse()", "len()", "byte()"])}`;
    if (choice === 4) return `string.sub(${text}, ${this.#small()}${random.chance(0.6) ? `, ${this.#small()}` : ""})`;
    if (choice === 5) return `string.rep(${text}, ${random.pick(["0", "1", "3", "-1", "2.7", '"2"'])})`;
    if (choice === 6) return `(${text} .. ${this.#text(depth + 1)})`;
    if (choice === 7)
      return random.pick([
        `string.char(${random.list(1, 3, () => random.pick(["65", "97", "300", "-1", "48"])).join(", ")})`,
        `string.byte(${text}, ${this.#small()}, ${this.#small()})`,
        `os.date(${JSON.stringify(random.pick(dates))}, ${random.pick(["0", "1704164645", "1e9", "-1", "1.5"])})`,
      ]);
    return this.#pattern(depth + 1);
  }

  #number(depth: number): string {
    const random = this.#random;
    if (random.chance(0.05)) return this.#any(depth + 1);
    const choice = random.below(depth > 2 ? 1 : 6);
    if (choice < 2) return random.pick(numbers);
    if (choice === 2)
      return `(${this.#number(depth + 1)} ${random.pick(["+", "-", "*", "/", "%"])} ${this.#number(depth + 1)})`;
    if (choice === 3) return `math.${random.pick(unaryMath)}(${this.#number(depth + 1)})`;
    if (choice === 4)
      return `math.${random.pick(["max", "min", "fmod", "mod", "ldexp"])}(${this.#number(depth + 1)}, ${this.#number(depth + 1)})`;
    return random.pick([
      `tonumber(${this.#text(depth + 1)})`,
      `tonumber(${this.#text(depth + 1)}, ${random.pick(["2", "8", "10", "16", "36", "1"])})`,
      `os.time({year = ${random.pick(["2024", "1970", "2023.5"])}, month = ${random.pick(["1", "13", "2"])}, day = ${random.pick(["1", "31", "0"])}${random.pick(["", ", hour = 0", ", hour = 30, min = 61, sec = 5"])}})`,
      `os.difftime(${this.#number(depth + 1)}, 1)`,
      `#(${this.#list()})`,
      `${this.#number(depth + 1)} ^ ${random.pick(["2", "3", "-1", "0.5", "10", "0", "31"])}`,
    ]);
  }

  #small(): string {
    return this.#random.pick(["1", "2", "3", "-1", "-2", "0", "100", "-100", "1.9", '"2"', "nil"]);
  }

  #list(): string {
    return this.#random.pick(lists);
  }

  #base(depth: number): string {
    const random = this.#random;
    const value = this.#any(depth + 1);
    return random.pick([
      `select(${this.#small()}, ${value}, f())`,
      `select("#", ${value}, nil)`,
      `unpack(${this.#list()})`,
      `unpack(${this.#list()}, ${this.#small()}, ${random.pick(["1", "3", "0"])})`,
      `next(${this.#list()})`,
      `next(${this.#list()}, ${value})`,
      `rawget(${this.#list()}, ${value})`,
      `rawequal(${value}, ${this.#any(depth + 1)})`,
      `assert(${value}, "no")`,
      `assert(${value})`,
      `error(${value})`,
      `error(${value}, ${random.pick(["0", "1", "2"])})`,
      `pcall(error, ${value})`,
      `pcall(string.rep)`,
      `xpcall(function() return ${value} end, function(e) return "handled" end)`,
      `tostring(${value})`,
      `loadstring(${random.pick([`"return 1 + 1"`, `"x ="`, `"return ..."`, `"local a <"`, `"for"`, `"return 'a"`, `"goto x"`, `"break"`, `"if x then\\n goto y end\\nfor i = 1, 2 do end"`, `"local f = function()\\n return ... end"`, `"while x do break end goto z ::z:: do goto q end"`, `"for i = 1, 2 do goto c\\n ::c:: end\\n goto c return 1"`, `"function g()\\n goto w\\n end"`])})`,
      `type(getmetatable(${value}))`,
      `(function(...) return select("#", ...) end)(${value}, ${this.#any(depth + 1)})`,
      `ipairs(${this.#list()})`,
      `(${value})[${this.#any(depth + 1)}]`,
      `setmetatable({}, {__index = function(_, k) return k .. "!" end}).${random.pick(["abc", "x"])}`,
      `setmetatable({}, {__tostring = function() return "T" end, __call = function(self, a) return a end, __len = function() return 9 end})(${value})`,
      `#setmetatable({1}, {__len = function() return 9 end})`,
      `tostring(setmetatable({}, {__tostring = function() return ${value} end}))`,
      `setmetatable({}, {__eq = function() return true end}) == {}`,
      `setmetatable({}, {__concat = function(a, b) return "cat" end}) .. ${value}`,
      `setmetatable({}, {__add = function(a, b) return 42 end}) + ${value}`,
      `setmetatable({}, {__lt = function(a, b) return true end}) < ${value}`,
    ]);
  }

  #pattern(depth: number): string {
    const random = this.#random;
    const text = this.#text(depth + 1);
    const pattern = random.chance(0.9) ? JSON.stringify(random.pick(patterns)) : this.#text(depth + 1);
    return random.pick([
      `string.find(${text}, ${pattern})`,
      `string.find(${text}, ${pattern}, ${this.#small()})`,
      `string.find(${text}, ${pattern}, ${this.#small()}, true)`,
      `string.match(${text}, ${pattern})`,
      `string.match(${text}, ${pattern}, ${this.#small()})`,
      `string.gsub(${text}, ${pattern}, ${random.pick(replacements)})`,
      `string.gsub(${text}, ${pattern}, ${random.pick(replacements)}, ${this.#small()})`,
      `string.gmatch(${text}, ${pattern})()`,
      `(${text}):match(${pattern})`,
      `(${text}):gsub(${pattern}, ${random.pick(replacements)})`,
    ]);
  }

  #format(depth: number): string {
    const random = this.#random;
    const format = random.list(1, 2, () => random.pick(formats)).join(random.pick(["", " ", "-"]));
    const values = random.list(0, 3, () =>
      random.chance(0.45)
        ? this.#number(depth + 1)
        : random.chance(0.8)
          ? this.#text(depth + 1)
          : random.pick(["true", "nil", "false"]),
    );
    return `string.format(${[JSON.stringify(format), ...values.map((value) => `plain((${value}))`)].join(", ")})`;
  }

  #table(depth: number): string {
    const random = this.#random;
    const list = this.#list();
    return random.pick([
      `table.concat(${list})`,
      `table.concat(${list}, ${this.#text(depth + 1)})`,
      `table.concat(${list}, ", ", ${this.#small()}${random.chance(0.5) ? `, ${this.#small()}` : ""})`,
      `table.getn(${list})`,
      `table.maxn(${list})`,
      `table.remove(${list})`,
      `table.remove(${list}, ${this.#small()})`,
      `table.insert(${list}, ${this.#any(depth + 1)})`,
    ]);
  }

  #statements(): string {
    const random = this.#random;
    const value = this.#any(1);
    return random.pick([
      `local l = ${this.#list()} table.insert(l, ${this.#small()}, "new") return l, #l`,
      `local l = ${this.#list()} table.insert(l, ${value}) return l, #l`,
      `local l = ${this.#list()} local r = table.remove(l, ${this.#small()}) return r, l, #l`,
      `local l = ${this.#list()} table.sort(l) return l`,
      `local l = ${this.#list()} table.sort(l, function(a, b) return a > b end) return l`,
      this.#sortRecords(),
      `local l = {} for i = ${random.pick(["1, 3", "3, 1, -1", "1, 2, 0.5", "0, 1, 0", "1, f()", "2, 1"])} do l[#l + 1] = i end return l`,
      `for k, v in ${random.pick(["pairs", "ipairs"])}(${this.#list()}) do if v == ${value} then return k end end return "none"`,
      `local n = 0 while true do n = n + 1 if n > 3 then break end end return n`,
      `local n = 0 repeat local d = n > 2 n = n + 1 until d return n`,
      `for i = 1, 3 do if i == 2 then goto continue end say(i) ::continue:: end`,
      `local a, b, c = f(), ${value} return a, b, c`,
      `local x <const> = 1 return x`.replace(" <const>", ""),
      `local s = 0 for n in string.gmatch(${this.#text(1)}, "%d") do s = s + n end return s`,
      `local r = {} for k, v in string.gmatch(${this.#text(1)}, "(%w+)=(%w+)") do r[#r + 1] = k .. v end return r`,
      `local d = os.date("*t", ${random.pick(["0", "1704164645"])}) return d.year, d.month, d.wday, d.yday, d.isdst, d.hour`,
      `if ${value} then return "yes" elseif ${this.#any(1)} then return "other" else return "no" end`,
      `local o = {n = 0} function o:add(x) self.n = self.n + x return self end return o:add(${this.#number(1)}):add(2).n`,
      `local function fact(n) if n <= 1 then return 1 end return n * fact(n - 1) end return fact(${random.pick(["5", "20", "25"])})`,
      `local t2 = ${this.#list()} t2[${value}] = 1 return t2`,
      `local t2 = {1, 2, 3, 4} t2[${random.pick(["2", "4", "5", "6", "0", "-1", "1.5"])}] = ${random.pick(["nil", "9"])} return #t2, t2`,
      `local e = setmetatable({}, {__newindex = function(tt, k, v) rawset(tt, k, v .. "?") end}) e.a = "b" return e.a`,
      `local co = ${value} return type(co), co`,
      `return string.format(${JSON.stringify(random.pick(formats))}, unpack({1, "x", 2.5}))`,
      `local c = 0 for _, x in ipairs(obj.status.conditions or {}) do if x.status == "True" then c = c + 1 end end return c`,
      `return (${this.#text(1)} < ${this.#text(1)}), (${this.#number(1)} <= ${this.#number(1)})`,
      `return nothing.field`,
      `return obj.metadata.none.deep`,
      `nothing()`,
      `obj.metadata:none()`,
      `local a = {} a.b.c = 1`,
      `return #obj.metadata, #nil`,
    ]);
  }

  /** Lists with ties: their order is that of Go's sort, which is not stable. */
  #sortRecords(): string {
    const random = this.#random;
    const records = random.list(
      2,
      random.pick([5, 14, 60]),
      () => `{k = ${random.below(4)}, n = "r${random.below(99)}"}`,
    );
    const less = random.pick(["a.k < b.k", "a.k > b.k", "a.k <= b.k", "a.n < b.n", "a.k % 2 < b.k % 2"]);
    return `local l = {${records.join(", ")}} table.sort(l, function(a, b) return ${less} end) local r = {} for _, e in ipairs(l) do r[#r + 1] = e.k .. e.n end return table.concat(r, " ")`;
  }
}
