import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { type ClaimedAction, claimActions } from "../../../src/db/repositories/action-queue.ts";
import { addSeconds } from "../../../src/kit/timestamp.ts";
import { executeActions } from "../../../src/server/automations/actions/execute-actions.ts";
import { performAction } from "../../../src/server/automations/actions/perform-action.ts";
import { type Api, createApi } from "../../compare/api.ts";
import { forEachServer } from "../../support/for-each-server.ts";
import { manualClock } from "../../support/manual-clock.ts";
import { createBlock, fire, on, resource, toldOf, trigger } from "./fire-actions.ts";

const NIL = "00000000-0000-4000-8000-000000000000";

forEachServer((start) => {
  const open = async () => {
    const server = await start();
    const api = createApi(server.apiUrl);
    return { api, ctx: server.ctx, [Symbol.asyncDispose]: () => server.stop() };
  };

  test("actions on a flow run find it by the event, and one that is refused says why", async () => {
    await using at = await open();
    const run = await createRun(at.api);

    const told = await fire(at, {
      actions: [
        { type: "suspend-flow-run" },
        { type: "resume-flow-run" },
        { type: "change-flow-run-state", state: "FAILED", name: "Broken", force: true },
        { type: "resume-flow-run" },
        { type: "cancel-flow-run" },
        { type: "delete-flow-run" },
        { type: "delete-flow-run" },
      ],
      related: [resource("flow-run", run)],
    });

    const state = { "prefect.resource.id": `prefect.flow-run.${run}`, "prefect.resource.role": "target" };
    expect(told.map(({ event, payload }) => [event, payload.status_code, payload.reason])).toEqual([
      ["executed", 201, undefined],
      ["executed", undefined, undefined],
      ["executed", 201, undefined],
      ["failed", undefined, "Failed to resume flow run: Cannot resume a flow run that is not paused."],
      ["failed", 200, "Failed to set state: Run is already in terminal state FAILED."],
      ["executed", 204, undefined],
      ["failed", 404, "Unexpected status from 'delete-flow-run' action: 404"],
    ]);
    expect(told.every(({ related }) => JSON.stringify(related[0]) === JSON.stringify(state))).toBe(true);
  });

  test("without anything to infer from, an action fails", async () => {
    await using at = await open();
    const inferred = { source: "inferred" };

    const told = await fire(at, {
      actions: [
        { type: "cancel-flow-run" },
        { type: "run-deployment", ...inferred },
        { type: "pause-deployment", ...inferred },
        { type: "pause-work-pool", ...inferred },
        { type: "pause-work-queue", ...inferred },
        { type: "pause-automation", ...inferred },
        { type: "pause-work-pool", work_pool_id: NIL },
        { type: "resume-work-queue", work_queue_id: NIL },
        { type: "resume-deployment", deployment_id: NIL },
        { type: "resume-automation", automation_id: NIL },
        { type: "call-webhook", block_document_id: NIL },
      ],
      related: [],
    });

    expect(told.map(({ payload }) => payload.reason)).toEqual([
      "No flow run could be inferred",
      "No deployment could be inferred",
      "No deployment could be inferred",
      "No work pool could be inferred",
      "No work queue could be inferred",
      "No automation could be inferred",
      `Work pool ${NIL} not found`,
      "Unexpected status from 'resume-work-queue' action: 404",
      "Unexpected status from 'resume-deployment' action: 404",
      "Unexpected status from 'resume-automation' action: 404",
      "Unexpected status from 'call-webhook' action: 404",
    ]);
  });

  test("pools, queues, deployments and automations are paused and resumed", async () => {
    await using at = await open();
    const pool = await at.api.post("/work_pools/", { name: "p", type: "process" });
    const queue = await at.api.post("/work_pools/p/queues", { name: "q" });
    const deployment = await createDeployment(at.api);
    const other = await at.api.post("/automations/", { name: "other", trigger: on("never"), actions: [] });
    const inferred = { source: "inferred" };

    const told = await fire(at, {
      actions: [
        { type: "pause-work-pool", ...inferred },
        { type: "pause-work-queue", ...inferred },
        { type: "pause-deployment", ...inferred },
        { type: "pause-automation", source: "selected", automation_id: other.id },
      ],
      related: [resource("work-pool", pool.id), resource("work-queue", queue.id), resource("deployment", deployment)],
    });

    expect(told.map(({ event, payload }) => [event, payload.status_code])).toEqual([
      ["executed", 204],
      ["executed", 204],
      ["executed", 200],
      ["executed", 204],
    ]);
    expect((await at.api.get("/work_pools/p")).at("is_paused")).toBe(true);
    expect((await at.api.get("/work_pools/p/queues/q")).at("is_paused")).toBe(true);
    expect((await at.api.get(`/deployments/${deployment}`)).at("paused")).toBe(true);
    expect((await at.api.get(`/automations/${other.id}`)).at("enabled")).toBe(false);
  });

  test("a deployment is run once, with its parameters rendered, by the automation", async () => {
    await using at = await open();
    const deployment = await createDeployment(at.api);
    await at.api.post("/variables/", { name: "v", value: { a: [1] } });
    const parameters = {
      whole: "{{ event.payload.n }}",
      text: "n is {{ event.payload.n }} of {{ automation.name }}",
      list: ["{{ event.resource.id }}", "plain"],
      variable: { __prefect_kind: "workspace_variable", variable_name: "v" },
      name: "{{ deployment.name }}",
      label: "{{ labels.prefect.resource.id }}!",
    };

    const told = await fire(at, {
      actions: [{ type: "run-deployment", deployment_id: deployment, parameters, schedule_after: 60 }],
      related: [resource("deployment", deployment)],
    });

    expect(told[0]).toMatchObject({ event: "executed", payload: { status_code: 201 } });
    const runs = await at.api.post("/flow_runs/filter", {});
    expect(runs.body).toMatchObject([
      {
        parameters: {
          whole: 7,
          text: "n is 7 of watch",
          list: ["thing", "plain"],
          variable: { a: [1] },
          name: "d",
          label: "thing!",
        },
        created_by: { type: "AUTOMATION", display_value: "watch" },
        state: { type: "SCHEDULED" },
      },
    ]);
  });

  test("a webhook is called with the rendered payload, and its answer told", async () => {
    await using at = await open();
    await using receiver = await listen();
    const block = await createWebhook(at.api, { url: receiver.url, headers: { "x-key": "secret" } });

    const told = await fire(at, {
      actions: [{ type: "call-webhook", block_document_id: block, payload: '{"n": {{ event.payload.n }}}' }],
      related: [],
    });

    expect(receiver.calls).toMatchObject([{ method: "POST", body: '{"n": 7}', key: "secret" }]);
    expect(told[0]).toMatchObject({
      event: "executed",
      payload: { status_code: 418, response_body: "tea", response_headers: { "x-answer": "yes" } },
      related: [
        { "prefect.resource.id": `prefect.block-document.${block}`, "prefect.resource.role": "block" },
        { "prefect.resource.id": "prefect.block-type.webhook", "prefect.resource.role": "block-type" },
        { "prefect.resource.role": "automation-triggered-event" },
        { "prefect.resource.role": "triggering-event" },
      ],
    });
    expect(JSON.stringify(told)).not.toContain("secret");
  });

  test("a webhook that may not call private addresses does not", async () => {
    await using at = await open();
    await using receiver = await listen();
    const block = await createWebhook(at.api, { url: receiver.url, allow_private_urls: false });

    const told = await fire(at, { actions: [{ type: "call-webhook", block_document_id: block }], related: [] });

    expect(receiver.calls).toEqual([]);
    expect(told[0]?.payload.reason).toMatch(/^Webhook call failed: ValueError\(.*private address 127\.0\.0\.1/);
  });

  test("a notification is sent to a service, and what it refuses is told", async () => {
    await using at = await open();
    await using receiver = await listen(200);
    await using refusing = await listen(500);
    const good = await createBlock(at.api, { slug: "slack-webhook", data: { url: receiver.url }, notifies: true });
    const bad = await createBlock(at.api, { slug: "ms-teams-webhook", data: { url: refusing.url }, notifies: true });
    const mute = await createWebhook(at.api, { url: receiver.url });
    const notify = (block_document_id: string) => ({
      type: "send-notification",
      block_document_id,
      subject: "{{ automation.name }}",
      body: "{{ event.payload.n }} & more",
    });

    const told = await fire(at, { actions: [notify(good), notify(bad), notify(mute)], related: [] });

    expect(receiver.calls).toMatchObject([{ method: "POST" }]);
    expect(JSON.parse((receiver.calls[0] as { body: string }).body).attachments).toMatchObject([
      { title: "watch", text: "7 &amp; more" },
    ]);
    expect(told.map(({ event, payload }) => [event, payload.reason, payload.notification_log])).toEqual([
      ["executed", undefined, undefined],
      ["failed", "Notification failed", "The notification was refused with status 500."],
      ["failed", "The referenced block was not a notification block", undefined],
    ]);
  });

  test("an action whose server has died is taken over, and done once", async () => {
    const clock = manualClock("2030-01-01T00:00:00Z");
    await using server = await start({ clock });
    const at = { api: createApi(server.apiUrl), ctx: server.ctx };
    const run = await createRun(at.api);
    await trigger(at, { actions: [{ type: "cancel-flow-run" }], related: [resource("flow-run", run)] });
    const [now, until] = [clock.now(), addSeconds(clock.now(), 10)];
    const [claim] = await at.ctx.db.write((tx) => claimActions(tx, { now, until }, 1));
    const lost = performAction(at.ctx, (claim as ClaimedAction).action, async () => {
      throw new Error("killed");
    });

    await expect(lost).rejects.toThrow("killed");
    expect((await at.api.get(`/flow_runs/${run}`)).at("state_type")).toBe("RUNNING");
    expect(await executeActions(at.ctx)).toBe(0);
    clock.advanceMs(11_000);
    expect(await executeActions(at.ctx)).toBe(1);
    expect(await executeActions(at.ctx)).toBe(0);
    expect((await at.api.get(`/flow_runs/${run}`)).at("state_type")).toBe("CANCELLING");
    expect((await toldOf(at.api)).map(({ event }) => event)).toEqual(["executed"]);
  });

  test("a webhook that was called is not called again when the database is away just then", async () => {
    await using at = await open();
    await using receiver = await listen();
    const block = await createWebhook(at.api, { url: receiver.url });
    await trigger(at, { actions: [{ type: "call-webhook", block_document_id: block }], related: [] });
    const [now, until] = [at.ctx.clock.now(), addSeconds(at.ctx.clock.now(), 10)];
    const [claim] = await at.ctx.db.write((tx) => claimActions(tx, { now, until }, 1));
    let attempts = 0;

    await performAction(at.ctx, (claim as ClaimedAction).action, async () => {
      if (++attempts === 1) throw new Error("the database is away");
    });

    expect(attempts).toBe(2);
    expect(receiver.calls).toHaveLength(1);
    expect((await toldOf(at.api)).map(({ event }) => event)).toEqual(["executed"]);
  });

  test("an action that fails as it is rendered tells the template", async () => {
    await using at = await open();
    const block = await createWebhook(at.api, { url: "http://127.0.0.1:1/" });

    const told = await fire(at, {
      actions: [{ type: "call-webhook", block_document_id: block, payload: "{{ 1 / 0 }}" }],
      related: [],
    });

    expect(told[0]?.payload).toMatchObject({
      reason: "Template rendering failed: ZeroDivisionError('division by zero')",
      template_source: "{{ 1 / 0 }}",
    });
  });
});

async function createRun(api: Api): Promise<string> {
  const deployment = await createDeployment(api);
  const run = await api.post(`/deployments/${deployment}/create_flow_run`, { state: { type: "RUNNING" } });
  return run.id;
}

async function createDeployment(api: Api): Promise<string> {
  const flow = await api.post("/flows/", { name: "f" });
  return (await api.post("/deployments/", { name: "d", flow_id: flow.id, enforce_parameter_schema: false })).id;
}

function createWebhook(api: Api, data: object): Promise<string> {
  return createBlock(api, { slug: "webhook", data });
}

async function listen(status = 418) {
  const calls: object[] = [];
  const server = createServer(async (request, reply) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    calls.push({ method: request.method, body, key: request.headers["x-key"] });
    reply.writeHead(status, { "x-answer": "yes", "x-forwarded-for": "me" }).end("tea");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    calls,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
