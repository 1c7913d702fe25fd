import { createHash } from "node:crypto";
import { cached, runPython } from "../../support/python.ts";

const CODE = `
import json, sys
from prefect.utilities.annotations import NotSet
from prefect.utilities.templating import apply_values
cases, values = json.loads(sys.argv[1])
def fill(template, variant):
    prefixes = [variant["skipPrefix"]] if "skipPrefix" in variant else None
    found = apply_values(template, values, remove_notset=not variant.get("keepMissing", False), skip_prefixes=prefixes)
    return "<not set>" if found is NotSet else found
print(json.dumps([fill(case["template"], case["variant"]) for case in cases]))
`;

/** What the reference makes of each template; a template without a value is `<not set>`. */
export async function askReference(
  cases: readonly object[],
  values: object,
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const asked = JSON.stringify([cases, values]);
  const hash = createHash("sha256").update(CODE).update(asked).update(JSON.stringify(env)).digest("hex").slice(0, 16);
  const answer = await cached(`placeholders-${hash}.json`, () => runPython("3.9.1", CODE, { args: [asked], env }));
  return JSON.parse(answer);
}
