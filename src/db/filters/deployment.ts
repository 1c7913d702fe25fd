import { type SqlBool, sql } from "kysely";
import { isLike } from "../dialects/expressions.ts";
import { flag, id, tags, word } from "./criteria.ts";
import { column, combine, defineFilter, type Matcher } from "./filter.ts";

const flowOrDeploymentName: Matcher<{ readonly like_?: string | null }> = (dialect, { like_ }) => {
  if (!like_) return combine("and_", []);
  const pattern = `%${like_}%`;
  const flowName = isLike(dialect, sql.ref("named.name"), pattern);
  return combine("or_", [
    isLike(dialect, column("deployment.name"), pattern),
    sql<SqlBool>`exists (select 1 from flow as named where named.id = deployment.flow_id and ${flowName})`,
  ]);
};

/** DeploymentFilter as a condition on `deployment`: a small table, scanned. */
export const matchDeployment = defineFilter({
  id: id(column("deployment.id")),
  name: word(column("deployment.name")),
  flow_or_deployment_name: flowOrDeploymentName,
  paused: flag(column("deployment.paused")),
  tags: tags(column("deployment.tags")),
  work_queue_name: word(column("deployment.work_queue_name")),
  // Accepted and ignored, as by the reference: limits moved to a table of their own.
  concurrency_limit: (() => undefined) satisfies Matcher<object>,
});
