import { describe, expect, test } from "vitest";
import { rawNumberText, toNumber } from "../../src/kit/json.ts";
import { isRecord } from "../../src/kit/schema/schema.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import { leafDifferences, short } from "../support/leaf-differences.ts";
import { postgresUrl } from "../support/postgres.ts";
import { startReference } from "../support/reference.ts";
import { databaseRequirements, missing } from "../support/require.ts";
import { createApi, type Exchange } from "./api.ts";
import { startQuietReference } from "./recording.ts";
import { artifacts } from "./scripts/artifacts.ts";
import { automations } from "./scripts/automations.ts";
import { blockDocuments } from "./scripts/block-documents.ts";
import { blocks } from "./scripts/blocks.ts";
import { concurrencyLimits } from "./scripts/concurrency-limits.ts";
import { deploymentSchedules } from "./scripts/deployment-schedules.ts";
import { deployments } from "./scripts/deployments.ts";
import { events } from "./scripts/events.ts";
import { flowRunQueries } from "./scripts/flow-run-queries.ts";
import { flowRunStates } from "./scripts/flow-run-states.ts";
import { flowRuns } from "./scripts/flow-runs.ts";
import { flows } from "./scripts/flows.ts";
import { logs } from "./scripts/logs.ts";
import { observedStates } from "./scripts/observed-states.ts";
import { savedSearches } from "./scripts/saved-searches.ts";
import { taskRuns } from "./scripts/task-runs.ts";
import { uiRuns } from "./scripts/ui-runs.ts";
import { variables } from "./scripts/variables.ts";
import { workPools } from "./scripts/work-pools.ts";

const WORKLOAD = [
  flows,
  flowRuns,
  flowRunQueries,
  flowRunStates,
  taskRuns,
  uiRuns,
  savedSearches,
  observedStates,
  concurrencyLimits,
  logs,
  artifacts,
  variables,
  automations,
  events,
  deployments,
  deploymentSchedules,
  workPools,
  blocks,
  blockDocuments,
].flatMap(({ scripts }) => scripts);

/** The services that would change what is read between two questions. */
const WITHOUT_SERVICES = Object.fromEntries(
  ["LATE_RUNS", "SCHEDULER", "FOREMAN", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS", "REPOSSESSOR", "TRIGGERS"].map(
    (service) => [`PREFECT_SERVER_SERVICES_${service}_ENABLED`, "false"],
  ),
);
const TEST_MS = 600_000;
const SHOWN = 40;

/** Every list that can be asked for whole, and the path of one of its things. */
const LISTS: Readonly<Record<string, string>> = {
  "/flows/filter": "/flows/",
  "/flow_runs/filter": "/flow_runs/",
  "/task_runs/filter": "/task_runs/",
  "/deployments/filter": "/deployments/",
  "/artifacts/filter": "/artifacts/",
  "/variables/filter": "/variables/",
  "/block_types/filter": "/block_types/",
  "/block_schemas/filter": "/block_schemas/",
  "/block_documents/filter": "/block_documents/",
  "/automations/filter": "/automations/",
  "/work_pools/filter": "/work_pools/",
  "/work_queues/filter": "/work_queues/",
  "/concurrency_limits/filter": "/concurrency_limits/",
  "/v2/concurrency_limits/filter": "/v2/concurrency_limits/",
  "/saved_searches/filter": "/saved_searches/",
};

interface Place {
  readonly apiUrl: string;
}

describe.each(["sqlite", "postgresql"] as const)("two servers on one database on %s", (kind) => {
  const lacks = missing("reference-3.9.1", ...databaseRequirements(kind));

  test.skipIf(lacks)(
    "ours reads what the reference has written as the reference does",
    async () => {
      await using reference = await startQuietReference(kind);
      await using ours = await startTestServer({
        database: kind,
        postgresUrl: postgresUrl(),
        env: {
          PREFECT_SERVER_DATABASE_CONNECTION_URL: reference.databaseUrl,
          PREFECT_SERVER_DATABASE_MIGRATE_ON_START: "true",
        },
      });

      const exchanges = await work(reference);

      expect(await disagreements({ ours, reference }, exchanges)).toBe("");
    },
    TEST_MS,
  );

  test.skipIf(lacks)(
    "the reference reads what ours has written as ours does",
    async () => {
      await using ours = await startTestServer({ database: kind, postgresUrl: postgresUrl() });
      const url = ours.ctx.settings.server.database.connection_url?.reveal() ?? "";
      await using reference = await startReference({
        database: kind,
        env: { ...WITHOUT_SERVICES, PREFECT_API_DATABASE_CONNECTION_URL: url },
      });

      const exchanges = await work(ours);

      expect(await disagreements({ ours, reference }, exchanges)).toBe("");
    },
    TEST_MS,
  );
});

/** Runs the scripts one after the other on one database; what one leaves behind may make another stop early. */
async function work(place: Place): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const { run } of WORKLOAD) {
    const api = createApi(place.apiUrl, { retriesUnavailable: true });
    await run(api).catch(() => undefined);
    exchanges.push(...api.exchanges);
  }
  return exchanges;
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  /** Keys the script that asked does not compare either. */
  readonly ignore: readonly string[];
}

const READING =
  /\/(filter|count|paginate|history|lateness|count-task-runs|count-by-state|next-runs|latest\/filter)(\?.*)?$/;
/**
 * About the server itself; or, for limits of tags, cut to a page by the reference before it is filtered: they are asked
 * for whole below.
 */
const SKIPPED = /^\/(admin|csrf-token|health|ready|version|hello|collections)|^\/concurrency_limits\/filter/;

/** Every question of the workload that changes nothing, every list whole, and each thing of every list. */
async function questionsOf(place: Place, exchanges: readonly Exchange[]): Promise<readonly Question[]> {
  const asked = exchanges.flatMap(({ title, requestBody, options }): Question[] => {
    const [method = "", path = ""] = title.split(" ");
    const isReading = method === "GET" || (method === "POST" && READING.test(path));
    if (!isReading || SKIPPED.test(path) || options.raw !== undefined || options.headers) return [];
    // Ours tells whether a worker is there when it is asked, the reference when its service has come by.
    const late = path.endsWith("/workers/filter") ? ["status"] : [];
    return [{ method, path, body: requestBody, ignore: [...(options.ignore ?? []), ...late] }];
  });
  const api = createApi(place.apiUrl, { retriesUnavailable: true });
  const listed: Question[] = [];
  for (const [list, one] of Object.entries(LISTS)) {
    const body = { limit: 200 };
    const answer = await api.post(list, body);
    // Some scripts leave what the reference cannot list.
    if (answer.status >= 500) continue;
    expect(answer.status, list).toBe(200);
    const things = answer.body as readonly Readonly<Record<string, unknown>>[];
    listed.push({ method: "POST", path: list, body, ignore: [] });
    listed.push(
      ...things.map((thing) => ({
        method: "GET",
        path: `${one}${one === "/work_pools/" ? encodeURIComponent(String(thing.name)) : thing.id}`,
        body: undefined,
        ignore: [],
      })),
    );
  }
  const known = new Map([...asked, ...listed].map((question) => [JSON.stringify(question), question]));
  return [...known.values()];
}

async function disagreements(
  { ours, reference }: { readonly ours: Place; readonly reference: Place },
  exchanges: readonly Exchange[],
): Promise<string> {
  const [us, them] = [ours, reference].map(({ apiUrl }) => createApi(apiUrl, { retriesUnavailable: true }));
  const questions = await questionsOf(reference, exchanges);
  expect(questions.length).toBeGreaterThan(300);
  const found = new Map<string, { readonly count: number; readonly example: string }>();
  for (const { method, path, body, ignore } of questions) {
    const options = body === undefined ? {} : { body };
    const theirs = await them?.send(method, path, options);
    const answer = await us?.send(method, path, options);
    // Where the reference breaks down there is nothing to agree on.
    if (theirs === undefined || theirs.status >= 500) continue;
    const clean = (value: unknown) => comparable(value, ignore, path.endsWith("lateness") ? "lateness" : "");
    const leaves = [
      ...leafDifferences("status", answer?.status, theirs.status),
      ...listDifferences(clean(answer?.body), clean(theirs.body), sortKeyOf(path, body)),
    ];
    for (const leaf of leaves) {
      const place = `${method} ${kindOf(path)} ${kindOf(leaf.split(": ")[0] ?? "")}`;
      const known = found.get(place);
      found.set(place, {
        count: (known?.count ?? 0) + 1,
        example: known?.example ?? `${path} ${short(body)}\n${leaf}`,
      });
    }
  }
  if (found.size === 0) return "";
  const lines = [...found].map(([place, { count, example }]) => `${count} times ${place}, such as ${example}`);
  return [
    `Of ${questions.length} questions some are answered differently (ours -> reference)`,
    ...lines.slice(0, SHOWN),
  ].join("\n");
}

/** A path without what tells one thing from another. */
function kindOf(path: string): string {
  return path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "<id>").replace(/\.\d+\b/g, ".*");
}

/** The column a list is in the order of, where the question says so. */
function sortKeyOf(path: string, body: unknown): string | undefined {
  if (path.startsWith("/events/filter")) return "occurred";
  const sort = isRecord(body) ? body.sort : undefined;
  return typeof sort === "string" ? sort.toLowerCase().replace(/_(asc|desc)$/, "") : undefined;
}

/**
 * Rows that are equal in what a list is sorted by come in any order, and a page may end between them: then only what it
 * is sorted by is compared.
 */
function listDifferences(ours: unknown, theirs: unknown, sortKey: string | undefined): readonly string[] {
  const [us, them] = [ours, theirs].map(rowsOf);
  if (us === undefined || them === undefined) return leafDifferences("body", ours, theirs);
  const sorted = [us, them].map((rows) => rows.map((row) => JSON.stringify(row)).sort());
  const keys = [us, them].map((rows) => rows.map((row) => (isRecord(row) && sortKey ? row[sortKey] : "")));
  if (sorted[0]?.join() === sorted[1]?.join()) return leafDifferences("order", keys[0], keys[1]);
  const hasKeys = sortKey !== undefined && us.length > 0 && us.every((row) => isRecord(row) && sortKey in row);
  return hasKeys
    ? leafDifferences("order", keys[0], keys[1])
    : leafDifferences("body", sortedRows(us), sortedRows(them));
}

const sortedRows = (rows: readonly unknown[]) =>
  rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

function rowsOf(body: unknown): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (!isRecord(body)) return undefined;
  const rows = body.results ?? body.events;
  return Array.isArray(rows) ? rows : undefined;
}

/** Seconds that are measured from now, which differ a little from one request to the next. */
const MEASURED = new Set([
  "estimated_run_time",
  "total_run_time",
  "estimated_start_time_delta",
  "time_in_current_state",
  "duration",
  "lateness",
  "sum_estimated_run_time",
  "sum_estimated_lateness",
]);
/** The address of the server that was asked is in it. */
const OPAQUE = new Set(["next_page"]);

/** Groups of a history, and block schemas that may stand in one place: the reference has them in any order. */
function isUnordered(key: string, items: readonly unknown[]): boolean {
  return key === "states" || items.some((item) => isRecord(item) && "block_schema_checksum" in item);
}

function comparable(value: unknown, ignore: readonly string[], key = ""): unknown {
  if (ignore.includes(key)) return "<ignored>";
  if (MEASURED.has(key) && toNumber(value) !== undefined) return "<seconds>";
  if (OPAQUE.has(key) && typeof value === "string") return "<opaque>";
  const raw = rawNumberText(value);
  // One writes whole floats as 0.0, the other as 0; where that matters, the scripts' own comparison sees it.
  if (raw !== undefined) return /^-?\d+\.0$/.test(raw) ? Number(raw) : `<number ${raw}>`;
  if (Array.isArray(value)) {
    const items = value.map((item) => comparable(item, ignore, key));
    return isUnordered(key, value) ? sortedRows(items) : items;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, comparable(item, ignore, name)]));
}
