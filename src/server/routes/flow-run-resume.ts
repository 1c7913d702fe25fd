import { lockFlowRun, updateFlowRunLabels } from "../../db/repositories/flow-runs.ts";
import { parseJson } from "../../kit/json.ts";
import * as s from "../../kit/schema/schema.ts";
import { compareTimestamps } from "../../kit/timestamp.ts";
import { OrchestrationResult } from "../../schemas/orchestration.ts";
import { clientVersion } from "../api-version.ts";
import { parts } from "../body-parts.ts";
import { FlowRunToSetNotFound } from "../errors.ts";
import { resumeFlowRun } from "../orchestration/resume-flow-run.ts";
import { Reply, type Route, route } from "../route.ts";

const tag = "Flow Runs";

export const flowRunResumeRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/flow_runs/{id:uuid}/resume",
    operationId: "resume_flow_run_flow_runs__id__resume_post",
    tag,
    summary: "Let a paused flow run go on, with the input it waits for.",
    body: parts("Body_resume_flow_run_flow_runs__id__resume_post", {
      run_input: s.optional(s.nullable(s.record(s.json()))),
    }),
    response: OrchestrationResult,
    async handle(ctx, { params, body, headers }) {
      const before = ctx.clock.now();
      const runInput = body.run_input ?? null;
      const result = await resumeFlowRun(ctx, params.id, { runInput, client: clientVersion(headers) });
      const isNew = result.state !== null && compareTimestamps(result.state.timestamp, before) >= 0;
      return new Reply(isNew ? 201 : 200, result);
    },
  }),

  route({
    method: "PATCH",
    path: "/flow_runs/{id:uuid}/labels",
    operationId: "update_flow_run_labels_flow_runs__id__labels_patch",
    tag,
    summary: "Add labels to a flow run, or change them.",
    body: s.record(s.json()),
    status: 204,
    handle: (ctx, { params, body }) =>
      ctx.db.write(async (tx) => {
        const run = await lockFlowRun(tx, params.id);
        if (!run) throw FlowRunToSetNotFound(params.id);
        const labels = JSON.stringify({ ...(parseJson(run.labels ?? "{}") as object), ...body });
        await updateFlowRunLabels(tx, run.id, { labels, updated: ctx.db.dialect.timestamp(ctx.clock.now()) });
      }),
  }),
];
