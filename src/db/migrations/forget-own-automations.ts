import { parseJson } from "../../kit/json.ts";
import { isRecord } from "../../kit/schema/schema.ts";
import type { Db } from "../database.ts";
import type { Row } from "../tables.ts";
import { changeSchema } from "./change-schema.ts";
import type { Step } from "./step.ts";

const ACTION_LISTS = ["actions", "actions_on_trigger", "actions_on_resolve"] as const;
/** Actions that only our server has. */
const OURS: ReadonlySet<unknown> = new Set(["declare-incident", "send-email-notification"]);

type Automation = Pick<Row<"automation">, "id" | "trigger" | (typeof ACTION_LISTS)[number]>;

/** The reference reads all automations or, where one holds what it does not know, none. */
export const forgetOwnAutomations: Step = {
  title: "Delete automations that wait for metrics, and let actions that the reference does not have do nothing",
  table: "automation",
  run: ({ database }) =>
    changeSchema(database, async (tx) => {
      const automations = await tx
        .selectFrom("automation")
        .select(["id", "trigger", ...ACTION_LISTS])
        .execute();
      for (const automation of automations) await forget(tx, automation);
    }),
};

async function forget(tx: Db, automation: Automation): Promise<void> {
  if (waitsForMetric(parseJson(automation.trigger))) {
    await tx.deleteFrom("automation").where("id", "=", automation.id).execute();
    return;
  }
  const changes = ACTION_LISTS.flatMap((list) => {
    const actions = parseJson(automation[list]);
    if (!Array.isArray(actions) || !actions.some(isOurs)) return [];
    return [[list, JSON.stringify(actions.map((action) => (isOurs(action) ? { type: "do-nothing" } : action)))]];
  });
  if (changes.length === 0) return;
  await tx.updateTable("automation").set(Object.fromEntries(changes)).where("id", "=", automation.id).execute();
}

function waitsForMetric(trigger: unknown): boolean {
  if (!isRecord(trigger)) return false;
  return trigger.type === "metric" || (Array.isArray(trigger.triggers) && trigger.triggers.some(waitsForMetric));
}

function isOurs(action: unknown): boolean {
  return isRecord(action) && OURS.has(action.type);
}
