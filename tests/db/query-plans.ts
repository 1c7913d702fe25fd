import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { DatabaseConfig } from "../../src/db/database.ts";

/** A statement as the driver was given it. */
export interface Executed {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** What the planner means to do with a statement, and where it would read one of the large tables from end to end. */
export interface Explained {
  readonly plan: string;
  readonly wholeScans: readonly string[];
}

export type Explain = (statement: Executed) => Promise<Explained>;

/** Tables that grow with every run, and the names they go by in our statements. */
const LARGE =
  /^(?:flow_run|task_run|flow_run_state|task_run_state|log|events|event_resources|state|parent|subflow|upcoming)$/;

/** Of subflows only, which are a part of the runs: PostgreSQL may rather read it than look up many rows in it. */
const PARTIAL = /^prefect_ts_ix_flow_run__parent$/;

/** Opens a connection of its own to ask a database for plans. `scale` makes the planner take its tables for larger. */
export async function openExplainer(
  config: DatabaseConfig,
  scale: number,
): Promise<AsyncDisposable & { explain: Explain }> {
  return config.kind === "sqlite" ? sqliteExplainer(config.path) : await postgresExplainer(config.url, scale);
}

interface SqliteStep {
  readonly parent: number;
  readonly detail: string;
}

function sqliteExplainer(path: string) {
  const database = new DatabaseSync(path, { readOnly: true });
  const explain: Explain = async ({ text, values }) => {
    const steps = database
      .prepare(`explain query plan ${text}`)
      .all(...(values as string[])) as unknown as SqliteStep[];
    const wholeScans = steps.filter((step) => isWholeSqliteScan(step, steps, text)).map(({ detail }) => detail);
    return { plan: steps.map(({ detail }) => detail).join("\n"), wholeScans };
  };
  return { explain, [Symbol.asyncDispose]: async () => database.close() };
}

/** To walk an index in the order that is asked for, until the page is full, is no scan of it all. */
function isWholeSqliteScan({ parent, detail }: SqliteStep, steps: readonly SqliteStep[], text: string): boolean {
  const [, table = "", index] = /^SCAN (\w+)( USING (?:COVERING )?INDEX)?/.exec(detail) ?? [];
  if (!LARGE.test(table)) return false;
  const siblings = steps.filter((step) => step.parent === parent).map((step) => step.detail);
  const isSorted = siblings.some((sibling) => /^USE TEMP B-TREE FOR (?:ORDER|GROUP) BY/.test(sibling));
  return index === undefined || isSorted || /select count\(\*\)/.test(text) || !/ limit /.test(text);
}

interface PostgresNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Index Cond"?: string;
  readonly Plans?: readonly PostgresNode[];
}

async function postgresExplainer(url: string, scale: number) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  // Rows are counted here, pages are in the file: with more rows to a page, reading all pages must cost more.
  await client.query(`set seq_page_cost = ${scale}`);
  await client.query(`update pg_class set reltuples = reltuples * ${scale}
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'i') and reltuples > 0`);
  const explain: Explain = async ({ text, values }) => {
    const answer = await client.query(`explain (format json) ${text}`, values as unknown[]);
    const [{ Plan: root }] = answer.rows[0]["QUERY PLAN"] as readonly [{ Plan: PostgresNode }];
    return { plan: JSON.stringify(root, null, 1), wholeScans: wholePostgresScans(root, false) };
  };
  return { explain, [Symbol.asyncDispose]: () => client.end() };
}

/** @param isLimited whether what is above stops reading when a page is full */
function wholePostgresScans(node: PostgresNode, isLimited: boolean): readonly string[] {
  const type = node["Node Type"];
  const isLarge = LARGE.test(node["Relation Name"] ?? "");
  const isWalk = /^Index(?: Only)? Scan$/.test(type) && !node["Index Cond"] && !PARTIAL.test(node["Index Name"] ?? "");
  const isWhole = isLarge && (type === "Seq Scan" || (isWalk && !isLimited));
  // A sort or an aggregate reads all that is below it.
  const passesOn = type === "Limit" || (isLimited && !/^(?:Sort|Aggregate|WindowAgg|Hash)$/.test(type));
  const below = (node.Plans ?? []).flatMap((child) => wholePostgresScans(child, passesOn));
  return isWhole ? [`${type} on ${node["Relation Name"]} ${node["Index Name"] ?? ""}`, ...below] : below;
}
