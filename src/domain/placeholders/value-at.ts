/** What stands at `a.b[0].c` in nested JSON, or undefined; a negative index counts from the end. */
export function valueAt(root: unknown, path: string): unknown {
  const keys = path.replaceAll("[", ".").replaceAll("]", "").split(".");
  return keys.reduce<unknown>((value, key) => below(value, key), root);
}

function below(value: unknown, key: string): unknown {
  if (Array.isArray(value) || typeof value === "string") {
    return /^[+-]?\d+$/.test(key) ? [...value].at(Number(key)) : undefined;
  }
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
