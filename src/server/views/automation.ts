import type { Row } from "../../db/tables.ts";
import { parseJson } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";
import { ActionInput } from "../../schemas/action.ts";
import { TriggerInput } from "../../schemas/trigger.ts";
import { jsonColumn } from "./json-column.ts";

const Actions = s.array(ActionInput);

/** An automation as the API gives it; what older servers left out of its trigger and actions takes the defaults. */
export function automationView(row: Row<"automation">) {
  return {
    name: row.name,
    description: row.description,
    enabled: row.enabled,
    tags: jsonColumn(row.tags, []),
    trigger: completed(TriggerInput, row.trigger),
    actions: completed(Actions, row.actions),
    actions_on_trigger: completed(Actions, row.actions_on_trigger),
    actions_on_resolve: completed(Actions, row.actions_on_resolve),
    id: row.id,
    created: row.created,
    updated: row.updated,
  };
}

/** What was stored was checked then; should a rule have become stricter since, it is shown as it is. */
function completed<T>(schema: s.Schema<T>, text: string): T {
  const stored = parseJson(text);
  const read = schema.parse(stored);
  return read.ok ? read.value : (stored as T);
}
