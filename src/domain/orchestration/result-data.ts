import { isStorable } from "./states.ts";

/** What the data of a state says of the artifact that keeps it, apart from the result itself. */
export interface ResultDescription {
  readonly key: string | null;
  readonly type: string | null;
  readonly description: string | null;
}

const KEYS = { key: "artifact_key", type: "artifact_type", description: "artifact_description" } as const;
const DESCRIPTIVE: readonly string[] = Object.values(KEYS);

export function describeResult(data: unknown): ResultDescription {
  const described = isObject(data) ? data : {};
  const text = (key: string) => (typeof described[key] === "string" ? described[key] : null);
  return { key: text(KEYS.key), type: text(KEYS.type), description: text(KEYS.description) };
}

/** The data without what describes its artifact; data that is not stored stays as it is. */
export function resultWithoutDescription(data: unknown): unknown {
  if (!isObject(data) || !isStorable(data) || !DESCRIPTIVE.some((key) => key in data)) return data;
  return Object.fromEntries(Object.entries(data).filter(([key]) => !DESCRIPTIVE.includes(key)));
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}
