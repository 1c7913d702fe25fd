import { Readable } from "node:stream";
import { findFlowRun } from "../../db/repositories/flow-runs.ts";
import { insertLogs, listFlowRunLogs, listLogs } from "../../db/repositories/logs.ts";
import type { Row } from "../../db/tables.ts";
import * as s from "../../kit/schema/schema.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { orAbsent } from "../../schemas/common.ts";
import { LogFilter } from "../../schemas/filters/log-filter.ts";
import { Log, LogCreate } from "../../schemas/log.ts";
import { LogSort } from "../../schemas/sorting.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { FlowRunNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";

/** Logs that a download holds in memory at once. */
const DOWNLOAD_PAGE = 1000;

export const logRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/logs/",
    operationId: "create_logs_logs__post",
    tag: "Logs",
    summary: "Store logs.",
    body: sequence(LogCreate),
    status: 201,
    async handle(ctx, { body }) {
      if (body.length === 0) return;
      const now = ctx.clock.now();
      const logs = body.map((log) => ({ ...log, id: ctx.ids.next() }));
      const stored = await ctx.db.write((tx) => insertLogs(tx, logs, now));
      if (ctx.settings.server.logs.stream_publishing_enabled) ctx.live.logs.publish(stored);
    },
  }),

  route({
    method: "POST",
    path: "/logs/filter",
    operationId: "read_logs_logs_filter_post",
    tag: "Logs",
    summary: "List logs.",
    body: parts("Body_read_logs_logs_filter_post", {
      ...sliceParts,
      logs: orAbsent(LogFilter),
      sort: s.defaulted(LogSort, "TIMESTAMP_ASC"),
    }),
    response: s.array(Log),
    handle: (ctx, { body }) => listLogs(ctx.db.read, body.logs ?? {}, { sort: body.sort, ...slice(ctx, body) }),
  }),

  route({
    method: "GET",
    path: "/flow_runs/{id:uuid}/logs/download",
    operationId: "download_logs_flow_runs__id__logs_download_get",
    tag: "Flow Runs",
    summary: "Download all logs of a flow run as CSV.",
    async handle(ctx, { params }) {
      const run = await findFlowRun(ctx.db.read, params.id);
      if (!run) throw FlowRunNotFound();
      return new Reply(200, Readable.from(csvOf(ctx, run.id)), {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": `attachment; filename="flow-run-logs.csv"; filename*=UTF-8''${percentEncode(`${run.name}-logs.csv`)}`,
      });
    },
  }),
];

/** A list whose refusal is worded as the reference words it here, unlike for its other lists. */
function sequence<T>(item: s.Schema<T>): s.Schema<readonly T[]> {
  const schema = s.array(item);
  const msg = "Input should be an instance of Sequence";
  const refuse = (input: unknown) => ({ type: "is_instance_of", loc: [], msg, input, ctx: { class: "Sequence" } });
  return {
    ...schema,
    parse: (input) => (Array.isArray(input) ? schema.parse(input) : { ok: false, errors: [refuse(input)] }),
  };
}

/** A page of lines at a time. */
async function* csvOf(ctx: ServerContext, flowRunId: string): AsyncGenerator<string> {
  yield "timestamp,level,flow_run_id,task_run_id,message\r\n";
  let after: Row<"log"> | undefined;
  do {
    const logs = await listFlowRunLogs(ctx.db.read, flowRunId, { after, limit: DOWNLOAD_PAGE });
    if (logs.length > 0) yield logs.map(csvLine).join("");
    after = logs.length === DOWNLOAD_PAGE ? logs.at(-1) : undefined;
  } while (after);
}

function csvLine(log: Row<"log">): string {
  const { timestamp, level, flow_run_id, task_run_id, message } = log;
  return `${spacedTimestamp(timestamp)},${level},${flow_run_id ?? ""},${task_run_id ?? ""},${csvField(message)}\r\n`;
}

/** `2030-01-01T00:00:01Z` -> `2030-01-01 00:00:01+00:00`. */
function spacedTimestamp(timestamp: Timestamp): string {
  return timestamp.replace("T", " ").replace("Z", "+00:00");
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function percentEncode(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return encoded.replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}
