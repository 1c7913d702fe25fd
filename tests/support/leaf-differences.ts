const SHOWN_CHARACTERS = 300;

/** One line per value that differs between two JSON values: `path: ours -> reference`; empty when they are equal. */
export function leafDifferences(path: string, ours: unknown, reference: unknown): string[] {
  if (JSON.stringify(ours) === JSON.stringify(reference)) return [];
  if (!isContainer(ours) || !isContainer(reference) || Array.isArray(ours) !== Array.isArray(reference)) {
    return [`  ${path}: ${short(ours)} -> ${short(reference)}`];
  }
  const keys = new Set([...Object.keys(ours), ...Object.keys(reference)]);
  return [...keys].flatMap((key) => leafDifferences(`${path}.${key}`, ours[key], reference[key]));
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** JSON cut to a readable length. */
export function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}
