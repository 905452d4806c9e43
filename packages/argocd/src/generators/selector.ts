import { type GoValue, quoteGo } from "@tiphys/gotemplate";
import { marshalJson } from "../api/json.ts";
import { ArgoError } from "../fault.ts";
import { nestedSlice, nestedString } from "../unstructured.ts";

/** Whether a set of labels is selected. */
export type Selector = (labels: ReadonlyMap<string, string>) => boolean;

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/**
 * A Kubernetes label selector as a predicate. `anyValue` lifts the rules for values, as the post-selectors of
 * generators do (applicationset/utils/selector.go); cluster selectors keep them (apimachinery, LabelSelectorAsSelector).
 * Throws `ArgoError` with upstream's text.
 */
export function labelSelector(
  selector: ReadonlyMap<string, GoValue>,
  options: { readonly anyValue: boolean },
): Selector {
  const requirements: Requirement[] = [];
  const labels = selector.get("matchLabels");
  if (labels instanceof Map) {
    for (const key of [...labels.keys()].sort()) {
      requirements.push(requirement(key, "=", [String(labels.get(key))], options.anyValue));
    }
  }
  for (const expression of nestedSlice(new Map(selector), "matchExpressions")) {
    const operator = operators.get(nestedString(expression, "operator"));
    if (operator === undefined)
      throw new ArgoError(invalidOperator(nestedString(expression, "operator"), options.anyValue));
    requirements.push(
      requirement(
        nestedString(expression, "key"),
        operator,
        nestedSlice(expression, "values").map(String),
        options.anyValue,
      ),
    );
  }
  return (set) => requirements.every((one) => matches(one, set));
}

const operators: ReadonlyMap<string, string> = new Map([
  ["In", "in"],
  ["NotIn", "notin"],
  ["Exists", "exists"],
  ["DoesNotExist", "!"],
]);

function invalidOperator(operator: string, anyValue: boolean): string {
  return anyValue
    ? `${quoteGo(operator)} is not a valid pod selector operator`
    : `${quoteGo(operator)} is not a valid label selector operator`;
}

function requirement(key: string, operator: string, values: readonly string[], anyValue: boolean): Requirement {
  const faults: string[] = [];
  const keyFaults = qualifiedNameFaults(key);
  if (keyFaults.length > 0) faults.push(`key: Invalid value: ${quoteGo(key)}: ${keyFaults.join("; ")}`);
  if ((operator === "in" || operator === "notin") && values.length === 0) {
    faults.push(`values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty`);
  }
  if ((operator === "exists" || operator === "!") && values.length > 0) {
    faults.push(
      `values: Invalid value: ${marshalJson([...values])}: values set must be empty for exists and does not exist`,
    );
  }
  if (!anyValue) {
    values.forEach((value, index) => {
      const valueFaults = labelValueFaults(value);
      if (valueFaults.length > 0)
        faults.push(`values[${index}][${key}]: Invalid value: ${quoteGo(value)}: ${valueFaults.join("; ")}`);
    });
  }
  if (faults.length > 0) throw new ArgoError(faults.length === 1 ? faults[0]! : `[${faults.join(", ")}]`);
  return { key, operator, values };
}

function matches({ key, operator, values }: Requirement, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(key);
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "notin":
      return value === undefined || !values.includes(value);
    default:
      return value !== undefined && values.includes(value);
  }
}

const namePart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valuePart =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** apimachinery validation.IsQualifiedName. */
export function qualifiedNameFaults(key: string): string[] {
  const faults: string[] = [];
  const parts = key.split("/");
  let name = parts[0]!;
  if (parts.length === 2) {
    const prefix = parts[0]!;
    name = parts[1]!;
    if (prefix === "") faults.push("prefix part must be non-empty");
    else {
      if (prefix.length > 253) faults.push("prefix part must be no more than 253 bytes");
      if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(prefix))
        faults.push(`prefix part ${subdomain}`);
    }
  } else if (parts.length > 2) {
    return [
      "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') " +
        "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ];
  }
  if (name === "") faults.push("name part must be non-empty");
  else if (name.length > 63) faults.push("name part must be no more than 63 bytes");
  if (!/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) faults.push(namePart);
  return faults;
}

function labelValueFaults(value: string): string[] {
  const faults: string[] = [];
  if (value.length > 63) faults.push("must be no more than 63 bytes");
  if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) faults.push(valuePart);
  return faults;
}
