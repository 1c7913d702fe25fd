import { listVariableValues } from "../../../db/repositories/deployment-references.ts";
import { hydrate, listVariableNames } from "../../../domain/parameters/hydrate.ts";
import { isObject, type JsonObject } from "../../../domain/parameters/json-types.ts";
import { renderTemplate } from "../../../domain/templates/render.ts";
import { parseJson } from "../../../kit/json.ts";
import { addSeconds } from "../../../kit/timestamp.ts";
import type { RunDeploymentInput } from "../../../schemas/action.ts";
import { DeploymentFlowRunCreate } from "../../../schemas/flow-run.ts";
import { runDeployment } from "../../orchestration/run-deployment.ts";
import { type Act, type ActionCall, ActionFailed, creatorOf } from "./action.ts";
import { chosenOrInferred, target } from "./inference.ts";
import { templateValues } from "./template-values.ts";

/** The run's idempotency key is the action's own: doing it again gives the same run. */
export const runDeploymentAction: Act<RunDeploymentInput> = async (call) => {
  const { ctx, triggered, action, found } = call;
  const id = chosenOrInferred(triggered, { source: action.source, id: action.deployment_id, kind: "deployment" });
  found.related.push(target("deployment", id));
  const scheduled_time = addSeconds(ctx.clock.now(), action.schedule_after);
  const wanted = DeploymentFlowRunCreate.parse({
    state: { type: "SCHEDULED", name: "Scheduled", state_details: { scheduled_time } },
    parameters: await renderParameters(call),
    idempotency_key: `automation ${triggered.automation.id}, action ${triggered.action_index}, invocation ${triggered.id}`,
    job_variables: action.job_variables ?? {},
  });
  if (!wanted.ok) throw refused(wanted.errors.map(({ msg }) => msg).join("; "));
  const created_by = creatorOf(triggered);
  const { run, isNew } = await runDeployment(ctx, id, { body: wanted.value, client: {}, created_by });
  found.details.status_code = isNew ? 201 : 200;
  found.related.push({
    "prefect.resource.id": `prefect.flow-run.${run.id}`,
    "prefect.resource.role": "flow-run",
    "prefect.resource.name": run.name,
  });
  return undefined;
};

async function renderParameters({ ctx, triggered, action }: ActionCall<RunDeploymentInput>): Promise<JsonObject> {
  const parameters = withTemplates(action.parameters ?? {}) as JsonObject;
  const values = await templateValues(ctx, triggered, templatesIn(parameters));
  const rows = await listVariableValues(ctx.db.read, listVariableNames(parameters));
  const hydrated = hydrate(parameters, {
    variables: new Map(rows.map(({ name, value }) => [name, value === null ? null : parseJson(value)])),
    renderTemplate(template) {
      const rendering = renderTemplate(template, values);
      if (rendering.kind === "failed") throw new Error(rendering.reason);
      return rendering.text;
    },
  });
  if (hydrated.kind === "invalid") throw refused(hydrated.reason);
  return hydrated.value;
}

function refused(reason: string): ActionFailed {
  return new ActionFailed(`Unable to create flow run from deployment: ${reason}`);
}

/** Makes the templates among plain texts known as such. */
function withTemplates(value: unknown): unknown {
  if (typeof value === "string") return isTemplate(value) ? asTemplate(value) : value;
  if (Array.isArray(value)) return value.map((item) => (Array.isArray(item) ? item : withTemplates(item)));
  if (!isObject(value) || "__prefect_kind" in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withTemplates(each)]));
}

function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

/** A text that is one expression and nothing else keeps the type of its value. */
function asTemplate(text: string): JsonObject {
  const inner = /^\s*\{\{((?:(?!\{\{)[\s\S])*)\}\}\s*$/.exec(text)?.[1];
  if (inner === undefined) return { __prefect_kind: "jinja", template: text };
  const template = `{{ ${inner.trim()} | tojson }}`;
  return { __prefect_kind: "json", value: { __prefect_kind: "jinja", template } };
}

function templatesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(templatesIn);
  if (!isObject(value)) return [];
  const own = value.__prefect_kind === "jinja" && typeof value.template === "string" ? [value.template] : [];
  return [...own, ...Object.values(value).flatMap(templatesIn)];
}
