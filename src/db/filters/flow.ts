import { type SqlBool, sql } from "kysely";
import { id, tags, word } from "./criteria.ts";
import { column, defineFilter, type Matcher, type Operator } from "./filter.ts";

interface DeploymentCriteria {
  readonly operator?: Operator;
  readonly is_null_?: boolean | null;
}

/** Flows without a deployment (`is_null_`), or with one. */
const deployment: Matcher<DeploymentCriteria> = (_dialect, { is_null_ }) => {
  if (is_null_ === null || is_null_ === undefined) return sql<SqlBool>`true`;
  const exists = sql<SqlBool>`exists (select 1 from deployment as deployed where deployed.flow_id = flow.id)`;
  return is_null_ ? sql<SqlBool>`not ${exists}` : exists;
};

/** FlowFilter as a condition on `flow`: a small table, scanned for all but id and name. */
export const matchFlow = defineFilter({
  id: id(column("flow.id")),
  deployment,
  name: word(column("flow.name")),
  tags: tags(column("flow.tags")),
});
