/** What a placeholder stands for: a value by its path, a block document, a variable, or an environment variable. */
export type PlaceholderKind = "value" | "block" | "variable" | "environment";

/** `{{ name }}` somewhere in a text. */
export interface Placeholder {
  /** As written, braces included. */
  readonly text: string;
  /** Without the prefix that tells the kind. */
  readonly name: string;
  readonly kind: PlaceholderKind;
}

const PATTERN = /\{\{\s*([\p{L}\p{N}_.\-[\]$]+)\s*\}\}/gu;
const PREFIXES = [
  { prefix: "prefect.blocks.", kind: "block" },
  { prefix: "prefect.variables.", kind: "variable" },
  { prefix: "$", kind: "environment" },
] as const;

/** The placeholders of a text in the order they are written. */
export function findPlaceholders(text: string): readonly Placeholder[] {
  return [...text.matchAll(PATTERN)].map(([written, name = ""]) => ({ text: written, ...kindOf(name) }));
}

/** The placeholder that a text consists of, without anything around it. */
export function wholePlaceholder(text: string): Placeholder | undefined {
  const [first] = findPlaceholders(text);
  return first?.text === text ? first : undefined;
}

/** The text with every placeholder for which `replace` gives a text replaced; what was put in is not read again. */
export function replacePlaceholders(text: string, replace: (placeholder: Placeholder) => string | undefined): string {
  return text.replace(PATTERN, (written, name: string) => replace({ text: written, ...kindOf(name) }) ?? written);
}

function kindOf(name: string): Pick<Placeholder, "name" | "kind"> {
  const found = PREFIXES.find(({ prefix }) => name.startsWith(prefix));
  if (found === undefined) return { name, kind: "value" };
  const rest = found.kind === "environment" ? name.replace(/^\$+/, "") : name.slice(found.prefix.length);
  return { name: rest, kind: found.kind };
}
