import { ApiInvalidRequest } from "../../../client/index.ts";
import { timestampToMs } from "../../../kit/timestamp.ts";
import { orNotFound } from "../../api-errors.ts";
import { command } from "../../command.ts";
import type { Context } from "../../context.ts";
import { CommandFailed } from "../../exit.ts";
import { idArgument, integerFlag, outputFlag, switchFlag } from "../../flags.ts";

const DEFAULT_COUNT = 20;
const LEVEL_NAMES = new Map([
  [10, "DEBUG"],
  [20, "INFO"],
  [30, "WARNING"],
  [40, "ERROR"],
  [50, "CRITICAL"],
]);

type Client = Awaited<ReturnType<Context["client"]>>;
type Log = Awaited<ReturnType<Client["logs"]["list"]>>[number];

export const logs = command({
  summary: "Show the logs of a flow run.",
  args: { id: idArgument("Id of the flow run.") },
  flags: {
    head: switchFlag("-h, --head", `Show only the first ${DEFAULT_COUNT} logs, or as many as --num-logs says.`),
    tail: switchFlag("-t, --tail", `Show only the last ${DEFAULT_COUNT} logs, or as many as --num-logs says.`),
    numLogs: integerFlag("-n, --num-logs <count>", "Most logs to show; all when left out.", undefined),
    reverse: switchFlag("-r, --reverse", "Show the newest first."),
    output: outputFlag,
  },
  async run(context, { args: { id }, flags }) {
    const { head, tail, numLogs, reverse } = flags;
    if (head && tail) throw CommandFailed("Please provide either --head or --tail, not both.");
    if (numLogs !== undefined && numLogs < 1) throw CommandFailed("--num-logs must be at least 1.");
    const client = await context.client();
    const run = await orNotFound(client.flowRuns.read(id), `Flow run '${id}' not found!`);

    const pages = listPages(client, {
      flowRunId: id,
      count: numLogs ?? (head || tail ? DEFAULT_COUNT : Number.POSITIVE_INFINITY),
      sort: reverse || tail ? "TIMESTAMP_DESC" : "TIMESTAMP_ASC",
    });
    const isWhole = tail || flags.output === "json";
    const whole: Log[] = [];
    for await (const page of pages) {
      if (isWhole) whole.push(...page);
      else for (const log of page) context.out.line(logLine(run.name, log));
    }
    if (tail && !reverse) whole.reverse();
    if (flags.output === "json") return context.out.json(whole);
    for (const log of whole) context.out.line(logLine(run.name, log));
  },
});

interface LogQuery {
  readonly flowRunId: string;
  readonly count: number;
  readonly sort: "TIMESTAMP_ASC" | "TIMESTAMP_DESC";
}

/** Pages as large as the server gives them, until `count` logs were seen. */
async function* listPages(client: Client, { flowRunId, count, sort }: LogQuery): AsyncGenerator<readonly Log[]> {
  const query = { logs: { flow_run_id: { any_: [flowRunId] } }, sort };
  const list = (offset: number, limit: number | undefined) =>
    client.logs.list({ ...query, offset, ...(limit !== undefined && { limit }) });
  let seen = 0;
  let pageSize = Number.isFinite(count) ? count : undefined;
  while (seen < count) {
    const page = await list(seen, pageSize).catch((error: unknown) => {
      if (seen > 0 || pageSize === undefined || !isInvalidLimit(error)) throw error;
      pageSize = undefined;
      return list(seen, undefined);
    });
    const rest = page.slice(0, count - seen);
    if (rest.length === 0) return;
    yield rest;
    seen += rest.length;
    const wasLast = pageSize !== undefined && page.length < pageSize;
    if (wasLast) return;
    pageSize ??= page.length;
  }
}

function isInvalidLimit(error: unknown): boolean {
  return ApiInvalidRequest.is(error) && error.message.includes("Invalid limit");
}

function logLine(runName: string, { timestamp, level, message }: Log): string {
  const time = new Date(timestampToMs(timestamp)).toISOString().slice(0, 23).replace("T", " ");
  const name = LEVEL_NAMES.get(level) ?? `Level ${level}`;
  return `${time} | ${name.padEnd(7)} | Flow run '${runName}' - ${message}`;
}
