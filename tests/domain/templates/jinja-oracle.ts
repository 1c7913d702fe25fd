import { createHash } from "node:crypto";
import { cached, runPython } from "../../support/python.ts";

/** What the reference makes of a template: a problem found before it is rendered, the text, or how rendering failed. */
export type TemplateAnswer =
  | { readonly line: number; readonly message: string }
  | { readonly text: string }
  | { readonly failure: string };

const CODE = `
import json, sys, logging
logging.disable(logging.CRITICAL)
from jinja2.exceptions import TemplateSyntaxError
from prefect.server.utilities import user_templates as u
from prefect.server.events.jinja_filters import all_filters
u.register_user_template_filters(all_filters)
context = json.loads(sys.argv[2])
def answer(template):
    try:
        u.validate_user_template(template)
    except (TemplateSyntaxError, u.TemplateSecurityError) as e:
        return {"line": e.lineno, "message": e.message}
    try:
        return {"text": u.render_user_template_sync(template, context)}
    except u.TemplateRenderError as e:
        return {"failure": str(e)}
print(json.dumps([answer(t) for t in json.loads(sys.argv[1])]))
`;

/** Asks the reference's own template environment. */
export async function askJinja(templates: readonly string[], context: object): Promise<readonly TemplateAnswer[]> {
  const args = [JSON.stringify(templates), JSON.stringify(context)];
  const key = createHash("sha256").update(CODE).update(args.join("\n")).digest("hex").slice(0, 16);
  // A hash seed, for what Python prints in the order of its sets.
  const text = await cached(`jinja-${key}.json`, () =>
    runPython("3.9.1", CODE, { args, env: { PYTHONHASHSEED: "0" } }),
  );
  return JSON.parse(text) as readonly TemplateAnswer[];
}
