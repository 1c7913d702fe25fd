import { flowPrefix, scenarios } from "./scenarios.ts";

/** What the API says about a scenario's runs; ids, times and random names are replaced by their kind. */
export interface Summary {
  readonly flows: readonly unknown[];
  readonly deployments: readonly unknown[];
  readonly flowRuns: readonly unknown[];
}

/** Scenario → summary. */
export type Summaries = Readonly<Record<string, Summary>>;

type Row = Readonly<Record<string, unknown>>;

/** Everything the server holds, by kind. */
interface Holdings {
  readonly flows: readonly Row[];
  readonly deployments: readonly Row[];
  readonly flowRuns: readonly Row[];
  readonly taskRuns: readonly Row[];
  readonly logs: readonly Row[];
  readonly artifacts: readonly Row[];
  readonly states: ReadonlyMap<unknown, readonly Row[]>;
}

const PAGE = 200;

/** Reads all runs over the API and summarises them by scenario. */
export async function readSummaries(apiUrl: string): Promise<Summaries> {
  const holdings = await readAll(apiUrl);
  return Object.fromEntries(scenarios.map((scenario) => [scenario, summarise(scenario, holdings)]));
}

async function readAll(apiUrl: string): Promise<Holdings> {
  const list = (path: string, body: Row = {}) => readPages(`${apiUrl}${path}`, body);
  const flowRuns = await list("/flow_runs/filter", { sort: "EXPECTED_START_TIME_ASC" });
  const taskRuns = await list("/task_runs/filter", {
    sort: "EXPECTED_START_TIME_ASC",
    task_runs: { flow_run_id: null },
  });
  const states = new Map<unknown, readonly Row[]>();
  for (const [kind, runs] of [
    ["flow_run", flowRuns],
    ["task_run", taskRuns],
  ] as const) {
    for (const { id } of runs) states.set(id, await readJson(`${apiUrl}/${kind}_states/?${kind}_id=${id}`));
  }
  return {
    flows: await list("/flows/filter"),
    deployments: await list("/deployments/filter"),
    flowRuns,
    taskRuns,
    logs: await list("/logs/filter", { sort: "TIMESTAMP_ASC" }),
    artifacts: await list("/artifacts/filter"),
    states,
  };
}

async function readPages(url: string, body: Row): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await readJson(url, { ...body, limit: PAGE, offset: rows.length });
    rows.push(...page);
    if (page.length < PAGE) return rows;
  }
}

async function readJson(url: string, body?: Row): Promise<readonly Row[]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url, body && { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status} from ${url}: ${await response.text()}`);
  return (await response.json()) as Row[];
}

function summarise(scenario: string, all: Holdings): Summary {
  const flows = all.flows.filter(({ name }) => String(name).startsWith(flowPrefix(scenario)));
  const ids = new Set(flows.map(({ id }) => id));
  const ofFlows = (rows: readonly Row[]) => rows.filter(({ flow_id }) => ids.has(flow_id));
  const flowName = (id: unknown) => flows.find((flow) => flow.id === id)?.name;
  return {
    flows: flows.map((flow) => clean(flow, new Map())),
    deployments: ofFlows(all.deployments).map((deployment) => clean(deployment, new Map())),
    flowRuns: sorted(
      ofFlows(all.flowRuns).map((run) => ({ flow: flowName(run.flow_id), ...summariseFlowRun(run, all) })),
    ),
  };
}

function summariseFlowRun(run: Row, all: Holdings) {
  const taskRuns = all.taskRuns.filter(({ flow_run_id }) => flow_run_id === run.id);
  const logs = all.logs.filter(({ flow_run_id }) => flow_run_id === run.id);
  const artifacts = all.artifacts.filter(({ flow_run_id }) => flow_run_id === run.id);
  const names = readableNames(all);
  const tidy = (row: Row) => clean(row, names);
  return {
    run: tidy(run),
    states: all.states.get(run.id)?.map(tidy),
    logs: logs.filter(({ task_run_id }) => task_run_id === null).map(tidy),
    artifacts: sorted(artifacts.filter(({ task_run_id }) => task_run_id === null).map(tidy)),
    taskRuns: sorted(
      taskRuns.map((task) => ({
        run: tidy(task),
        states: all.states.get(task.id)?.map(tidy),
        logs: logs.filter(({ task_run_id }) => task_run_id === task.id).map(tidy),
        artifacts: sorted(artifacts.filter(({ task_run_id }) => task_run_id === task.id).map(tidy)),
      })),
    ),
  };
}

/** Concurrent runs start in any order: their order is taken from what they are. */
function sorted<T>(rows: readonly T[]): readonly T[] {
  return [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

const SECONDS = new Set(["total_run_time", "estimated_run_time", "estimated_start_time_delta"]);
const RANDOM_NAME = /^[a-z]+-[a-z]+$/;
const TASK_RUN_NAME = /^(.+)-[0-9a-f]{3}$/;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "<id>"],
  [/\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?/g, "<time>"],
  [/\b[0-9a-f]{32,64}\b/g, "<hash>"],
  [/http:\/\/(127\.0\.0\.1|localhost):\d+/g, "<url>"],
  [/\d+(\.\d+)? seconds?/g, "<n> seconds"],
  [/\bPID:? \d+|process \d+/gi, "<process>"],
  [/run '[a-z]+-[a-z]+'/g, "run '<run name>'"],
  [/0x[0-9a-f]+/g, "<address>"],
  [/\/tmp\/[^\s"']+/g, "<temporary path>"],
];

/** Random names of runs → what stands for them. */
function readableNames({ flowRuns, taskRuns }: Holdings): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { name } of flowRuns) if (RANDOM_NAME.test(String(name))) names.set(String(name), "<run name>");
  for (const { name } of taskRuns) {
    const [whole, task] = TASK_RUN_NAME.exec(String(name)) ?? [];
    if (whole !== undefined) names.set(whole, `${task}-<key>`);
  }
  return names;
}

function clean(row: Row, names: ReadonlyMap<string, string>): unknown {
  return cleanValue(row, "", names);
}

function cleanValue(value: unknown, key: string, names: ReadonlyMap<string, string>): unknown {
  if (value === null) return null;
  if (SECONDS.has(key)) return "<seconds>";
  if (key === "dynamic_key") return "<key>";
  if (typeof value === "string") return cleanText(value, names);
  if (Array.isArray(value)) {
    const items = value.map((item) => cleanValue(item, "", names));
    // A run's tags are the union of two sets, in any order.
    return key === "tags" ? sorted(items) : items;
  }
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, item]) => [name, cleanValue(item, name, names)]));
}

function cleanText(text: string, names: ReadonlyMap<string, string>): string {
  const renamed = text.replace(/\w+(-\w+)+/g, (word) => names.get(word) ?? word);
  return PATTERNS.reduce((cleaned, [pattern, kind]) => cleaned.replace(pattern, kind), renamed);
}
