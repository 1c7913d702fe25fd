import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { forgetOwnAutomations } from "../../../src/db/migrations/forget-own-automations.ts";
import { insertAutomation, listAutomations } from "../../../src/db/repositories/automations.ts";
import { parseJson } from "../../../src/kit/json.ts";
import { forEachDatabase } from "../../support/for-each-database.ts";

const event = { type: "event", posture: "Reactive", expect: ["x"] };
const metric = { type: "metric", posture: "Metric", metric: { name: "lateness" } };
const [nothing, cancel] = [{ type: "do-nothing" }, { type: "cancel-flow-run" }];
const email = { type: "send-email-notification", emails: ["a@example.org"] };
const incident = { type: "declare-incident", name: "n" };

forEachDatabase((open) => {
  test("automations hold nothing that the reference cannot read", async () => {
    await using database = await open();
    const now = database.dialect.timestamp("2026-01-01T00:00:00Z");
    const kept = { actions: [cancel, email], actions_on_trigger: [incident], actions_on_resolve: [cancel] };
    const automations = {
      plain: { trigger: event, actions: [cancel], actions_on_trigger: [], actions_on_resolve: [] },
      kept: { trigger: { type: "compound", triggers: [event, event] }, ...kept },
      metric: { trigger: metric, ...kept },
      nested: { trigger: { type: "sequence", triggers: [event, { type: "compound", triggers: [metric] }] }, ...kept },
    };
    await database.write(async (tx) => {
      for (const [name, lists] of Object.entries(automations)) {
        const columns = Object.entries(lists).map(([column, value]) => [column, JSON.stringify(value)] as const);
        const own = { id: randomUUID(), created: now, updated: now, name, description: "", enabled: true, tags: "[]" };
        await insertAutomation(tx, { ...own, ...(Object.fromEntries(columns) as Record<keyof typeof lists, string>) });
      }
    });

    await forgetOwnAutomations.run({ database, report: () => undefined });

    const left = await listAutomations(database.read, {}, { sort: "NAME_ASC", limit: 9, offset: 0 });
    const lists = left.map(({ name, actions, actions_on_trigger, actions_on_resolve }) => [
      name,
      ...[actions, actions_on_trigger, actions_on_resolve].map((text) => parseJson(text)),
    ]);
    expect(lists).toEqual([
      ["kept", [cancel, nothing], [nothing], [cancel]],
      ["plain", [cancel], [], []],
    ]);
  });
});
