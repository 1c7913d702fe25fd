import { renderTemplate } from "../../../domain/templates/render.ts";
import { type ActionCall, ActionFailed } from "./action.ts";
import { templateValues } from "./template-values.ts";

/** The texts of an action with what they speak of filled in. @throws ActionFailed */
export async function renderTemplates(
  { ctx, triggered, found }: ActionCall,
  templates: readonly string[],
): Promise<readonly string[]> {
  const values = await templateValues(ctx, triggered, templates);
  return templates.map((template) => {
    const rendering = renderTemplate(template, values);
    if (rendering.kind === "text") return rendering.text;
    found.details.template_error = rendering.reason;
    found.details.template_source = template;
    const error = rendering.reason.replace("Failed to render template due to the following error: ", "");
    throw new ActionFailed(`Template rendering failed: ${error}`);
  });
}
