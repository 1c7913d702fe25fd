import { ExplainNode, type KyselyPlugin, QueryNode, RawNode, type RootOperationNode, sql } from "kysely";
import type { Db } from "../../src/db/database.ts";

/** The plans SQLite makes for all queries of `run`, which sees no rows; none of them is carried out. */
export async function queryPlans(db: Db, run: (db: Db) => Promise<unknown>): Promise<string> {
  const details: string[] = [];
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => explained(node),
    async transformResult({ result }) {
      details.push(...result.rows.map((row) => String(row.detail)));
      return { ...result, rows: [] };
    },
  };
  await run(db.withPlugin(plugin));
  if (details.length === 0) throw new Error("no query was planned");
  return details.join("\n");
}

function explained(node: RootOperationNode): RootOperationNode {
  if (QueryNode.is(node)) {
    return { ...node, explain: ExplainNode.create(undefined, sql`query plan`.toOperationNode()) } as RootOperationNode;
  }
  if (!RawNode.is(node)) throw new Error(`no plan for ${node.kind}`);
  const [first = "", ...rest] = node.sqlFragments;
  return RawNode.create([`explain query plan ${first}`, ...rest], node.parameters);
}
