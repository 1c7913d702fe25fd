import { pythonRepr } from "../parameters/python-repr.ts";

/** A JSON value as Python's `str()` gives it: texts as they are, `True`, `None`, `{'a': 1}`. */
export function pythonText(value: unknown): string {
  return typeof value === "string" ? value : pythonRepr(value);
}
