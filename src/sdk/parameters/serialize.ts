import { isFuture } from "../future.ts";
import { isState } from "../state.ts";
import type { Parameters } from "./bind.ts";

/** Parameters as the API stores them; what JSON cannot hold becomes the name of its type in angle brackets. */
export function serializeParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, serialize(value)]));
}

function serialize(value: unknown): unknown {
  if (isFuture(value)) return "<Future>";
  if (isState(value)) return "<State>";
  try {
    const text = JSON.stringify(value);
    return text === undefined ? typeTag(value) : JSON.parse(text);
  } catch {
    return typeTag(value);
  }
}

function typeTag(value: unknown): string {
  if (typeof value === "object" && value !== null) return `<${value.constructor?.name ?? "Object"}>`;
  return `<${typeof value}>`;
}
