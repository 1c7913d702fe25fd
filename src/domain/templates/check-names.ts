import type { Body } from "../../schemas/templates/nodes.ts";
import { FILTERS } from "./filters.ts";
import { TESTS } from "./tests.ts";
import { TemplateFailure } from "./values.ts";

/**
 * Refuses filters and tests that do not exist, before anything is rendered; where they stand under a condition, their
 * absence shows only when they are reached.
 * @throws TemplateFailure
 */
export function checkNames(body: Body): void {
  visit(body);
}

function visit(node: unknown): void {
  if (Array.isArray(node)) for (const each of node) visit(each);
  if (typeof node !== "object" || node === null || Array.isArray(node)) return;
  const { kind, name } = node as { readonly kind?: unknown; readonly name?: unknown };
  if (kind === "if" || kind === "condition") return;
  if (kind === "filter" && !FILTERS.has(String(name))) throw unknown("filter", name);
  if (kind === "test" && !TESTS.has(String(name))) throw unknown("test", name);
  for (const each of Object.values(node)) visit(each);
}

function unknown(what: string, name: unknown): TemplateFailure {
  return new TemplateFailure("TemplateAssertionError", `No ${what} named '${String(name)}'.`);
}
