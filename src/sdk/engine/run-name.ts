import type { RunName } from "../options.ts";
import type { Parameters } from "../parameters/bind.ts";

/** The name a template or function gives a run. `{name}` and `{a.b}` stand for parameters; `{{` is a brace. */
export async function resolveRunName(name: RunName, parameters: Parameters): Promise<string> {
  return typeof name === "string" ? fillTemplate(name, parameters) : await name(parameters);
}

function fillTemplate(template: string, parameters: Parameters): string {
  return template.replace(/\{\{|\}\}|\{([^{}]+)\}/g, (match, path: string | undefined) =>
    path === undefined ? match.charAt(0) : toText(valueAt(parameters, path.trim())),
  );
}

function valueAt(parameters: Parameters, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], parameters);
}

function toText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
