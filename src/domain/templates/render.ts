import { parseTemplate } from "../../schemas/templates/parse-template.ts";
import { blocksOf } from "./blocks.ts";
import { Budget } from "./budget.ts";
import { checkNames } from "./check-names.ts";
import { Scope } from "./evaluate.ts";
import { execute } from "./execute.ts";
import { addGlobals } from "./globals.ts";
import { type NamedValues, TemplateFailure } from "./values.ts";

export type Rendering =
  | { readonly kind: "text"; readonly text: string }
  /** `reason` in the words of the reference. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Renders a Jinja template as the reference's sandbox does, with bounded time, memory and output. It must have been
 * found to be readable by `findTemplateProblem`.
 */
export function renderTemplate(template: string, values: NamedValues = {}): Rendering {
  if (!template.includes("{{") && !template.includes("{%")) return { kind: "text", text: template };
  try {
    const body = parseTemplate(template);
    checkNames(body);
    const scope = new Scope({ budget: new Budget(), isEscaping: false, depth: 0 });
    addGlobals(scope);
    scope.set("self", blocksOf(body, scope));
    for (const [name, value] of Object.entries(values)) scope.set(name, value);
    return { kind: "text", text: execute(body, scope.inner()) };
  } catch (error) {
    return { kind: "failed", reason: `Failed to render template due to the following error: ${reprOf(error)}` };
  }
}

function reprOf(error: unknown): string {
  if (error instanceof TemplateFailure) return error.repr;
  if (error instanceof RangeError) {
    const isDeep = error.message.includes("call stack");
    const failure = isDeep
      ? new TemplateFailure("RecursionError", "maximum recursion depth exceeded")
      : new TemplateFailure("OverflowError", error.message);
    return failure.repr;
  }
  throw error;
}
