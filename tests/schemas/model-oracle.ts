import { createHash } from "node:crypto";
import { cached, runPython } from "../support/python.ts";

/** One body for one of the reference's models. */
export interface ModelCase {
  readonly model: string;
  readonly json: string;
}

export interface ModelIssue {
  readonly type: string;
  readonly loc: readonly (string | number)[];
  readonly msg: string;
}

/** The dumped value and the names of the fields that were given, the issues, or what crashed. */
export type ModelAnswer =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly issues: readonly ModelIssue[] }
  | { readonly crash: string };

const CODE = `
import json, sys
from pydantic import BaseModel, TypeAdapter, ValidationError
from prefect.server.schemas import actions, core, filters, schedules, states
from prefect.server.events import filters as event_filters
from prefect.server.events.schemas import automations, events
models = {}
for module in (automations, events, event_filters, core, actions, states, schedules, filters):
    models.update({k: v for k, v in vars(module).items() if isinstance(v, type) and issubclass(v, BaseModel)})
def answer(case):
    try:
        model = TypeAdapter(models[case["model"]]).validate_python(json.loads(case["json"]), from_attributes=True)
        return {"value": model.model_dump(mode="json")}
    except ValidationError as error:
        return {"issues": [{k: e[k] for k in ("type", "loc", "msg")} for e in error.errors(include_url=False)]}
    except Exception as error:
        return {"crash": type(error).__name__}
print(json.dumps([answer(case) for case in json.loads(sys.argv[1])]))
`;

/** What the reference's models say to each case, in order. */
export async function askModels(cases: readonly ModelCase[]): Promise<readonly ModelAnswer[]> {
  const question = JSON.stringify(cases);
  const key = createHash("sha256").update(CODE).update(question).digest("hex").slice(0, 16);
  const text = await cached(`models-${key}.json`, () => runPython("3.9.1", CODE, { args: [question] }));
  return JSON.parse(text) as readonly ModelAnswer[];
}
