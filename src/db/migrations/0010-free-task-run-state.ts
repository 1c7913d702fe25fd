import { sql } from "kysely";
import { throughIds } from "./batches.ts";
import type { Migration, Step } from "./step.ts";
import { addConstraint, dropConstraint } from "./steps/constraints.ts";

const name = "fk_task_run__state_id__task_run_state";
const constraint = { table: "task_run", name: { sqlite: name, postgres: name } };

const forgetMissingStates: Step = {
  title: "Forget states of task runs that are not there",
  table: "task_run",
  run: (stage) =>
    throughIds(stage, "task_run", (tx, { from, to }) =>
      sql`update task_run set state_id = null
          where id between ${from} and ${to} and state_id is not null
            and not exists (select 1 from task_run_state s where s.id = task_run.state_id)`.execute(tx),
    ),
};

export const freeTaskRunState: Migration = {
  title: "Let a task run name a state that is stored later",
  revision: { sqlite: "8bb517bae6f9", postgres: "3b86c5ea017a" },
  up: [dropConstraint(constraint)],
  down: [
    forgetMissingStates,
    addConstraint({
      ...constraint,
      sql: "FOREIGN KEY(state_id) REFERENCES task_run_state (id) ON DELETE SET NULL",
    }),
  ],
};
