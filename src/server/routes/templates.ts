import * as s from "../../kit/schema/schema.ts";
import { findTemplateProblem } from "../../schemas/templates/check-template.ts";
import { Reply, type Route, route } from "../route.ts";

const tag = "Automations";

const Template = s.documented(
  s.preprocess(s.string(), (sent) => sent ?? ""),
  { keywords: { default: "" } },
);

export const templateRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/templates/validate",
    operationId: "validate_template_templates_validate_post",
    tag,
    summary: "Check a template.",
    body: Template,
    hasOptionalBody: true,
    hasNoContent: true,
    handle: async (_ctx, { body }) => answer(body),
  }),

  route({
    method: "POST",
    path: "/automations/templates/validate",
    operationId: "validate_template_automations_templates_validate_post",
    tag,
    summary: "Check a template of an automation.",
    body: Template,
    hasOptionalBody: true,
    hasNoContent: true,
    handle: async (_ctx, { body }) => answer(body),
  }),
];

function answer(template: string): Reply {
  const problem = findTemplateProblem(template);
  if (!problem) return new Reply(204, undefined);
  return new Reply(422, { error: { line: problem.line, message: problem.message, source: template } });
}
