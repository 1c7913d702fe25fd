import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { executeActions } from "../../../src/server/automations/actions/execute-actions.ts";
import { evaluateTriggers } from "../../../src/server/automations/evaluator.ts";
import type { RunningServer } from "../../../src/server/main.ts";
import type { Api } from "../../compare/api.ts";

export interface Told {
  readonly event: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly related: readonly Readonly<Record<string, string>>[];
}

export interface Open {
  readonly api: Api;
  readonly ctx: RunningServer["ctx"];
}

interface Wanted {
  readonly actions: readonly object[];
  /** Resources that the event is related to. */
  readonly related: readonly object[];
}

/** Fires an automation with these actions, and gives what was told of each. */
export async function fire(at: Open, wanted: Wanted): Promise<readonly Told[]> {
  await trigger(at, wanted);
  expect(await executeActions(at.ctx)).toBe(wanted.actions.length);
  expect(await executeActions(at.ctx)).toBe(0);
  return toldOf(at.api);
}

/** Leaves the actions in the queue. */
export async function trigger({ api, ctx }: Open, { actions, related }: Wanted): Promise<void> {
  await api.post("/automations/", {
    name: "watch",
    trigger: { ...on("go"), for_each: ["prefect.resource.id"] },
    actions,
  });
  const event = {
    id: randomUUID(),
    occurred: ctx.clock.now(),
    event: "go",
    resource: { "prefect.resource.id": "thing" },
    related,
    payload: { n: 7 },
  };
  await api.post("/events", [event]);
  await evaluateTriggers(ctx);
}

export async function toldOf(api: Api): Promise<readonly Told[]> {
  const filter = {
    occurred: { since: "2020-01-01T00:00:00Z", until: "2040-01-01T00:00:00Z" },
    event: { name: ["prefect.automation.action.executed", "prefect.automation.action.failed"] },
    order: "ASC",
  };
  const found = await api.post("/events/filter", { filter });
  return (found.at("events") as Told[])
    .map((told) => ({ ...told, event: told.event.replace("prefect.automation.action.", "") }))
    .toSorted((a, b) => Number(a.payload.action_index) - Number(b.payload.action_index));
}

/** A trigger for an event of that name. */
export const on = (name: string) => ({ type: "event", posture: "Reactive", expect: [name] });

export function resource(kind: string, id: string) {
  return { "prefect.resource.id": `prefect.${kind}.${id}`, "prefect.resource.role": kind };
}

export async function createBlock(
  api: Api,
  { slug, data, notifies = false }: { readonly slug: string; readonly data: object; readonly notifies?: boolean },
): Promise<string> {
  const type = await api.post("/block_types/", { name: slug, slug });
  const fields = { title: slug, type: "object", properties: {}, block_type_slug: slug, secret_fields: ["url"] };
  const capabilities = notifies ? ["notify"] : [];
  const schema = await api.post("/block_schemas/", { block_type_id: type.id, fields, capabilities });
  const document = { name: "hook", data, block_schema_id: schema.id, block_type_id: type.id };
  return (await api.post("/block_documents/", document)).id;
}
