import type { Db } from "../database.ts";
import { prepare } from "../prepared.ts";

/** What a flow run's events, labels and rules need of the things it belongs to, besides its flow. */
export interface RunSurroundings {
  readonly deployment_name: string | null;
  readonly deployment_tags: string | null;
  readonly deployment_labels?: string | null;
  readonly deployment_limit_id: string | null;
  readonly deployment_options: string | null;
  readonly work_queue_name_now: string | null;
  readonly work_pool_id: string | null;
  readonly work_pool_name: string | null;
  readonly work_pool_type: string | null;
  readonly parent_name: string | null;
  readonly parent_tags: string | null;
}

const NOTHING: RunSurroundings = {
  deployment_name: null,
  deployment_tags: null,
  deployment_limit_id: null,
  deployment_options: null,
  work_queue_name_now: null,
  work_pool_id: null,
  work_pool_name: null,
  work_pool_type: null,
  parent_name: null,
  parent_tags: null,
};

const readDeployment = prepare<{ id: string }, Partial<RunSurroundings>>("read_run_deployment", (db, value) =>
  db
    .selectFrom("deployment")
    .select([
      "name as deployment_name",
      "tags as deployment_tags",
      "labels as deployment_labels",
      "concurrency_limit_id as deployment_limit_id",
      "concurrency_options as deployment_options",
    ])
    .where("id", "=", value("id")),
);

const readQueue = prepare<{ id: string }, Partial<RunSurroundings>>("read_run_queue", (db, value) =>
  db
    .selectFrom("work_queue")
    .leftJoin("work_pool", "work_pool.id", "work_queue.work_pool_id")
    .select([
      "work_queue.name as work_queue_name_now",
      "work_pool.id as work_pool_id",
      "work_pool.name as work_pool_name",
      "work_pool.type as work_pool_type",
    ])
    .where("work_queue.id", "=", value("id")),
);

const readParent = prepare<{ id: string }, Partial<RunSurroundings>>("read_run_parent", (db, value) =>
  db.selectFrom("task_run").select(["name as parent_name", "tags as parent_tags"]).where("id", "=", value("id")),
);

/** Looks up what the run names; a run of its own costs no query. */
export async function findRunSurroundings(
  db: Db,
  run: {
    readonly deployment_id?: string | null;
    readonly work_queue_id?: string | null;
    readonly parent_task_run_id?: string | null;
  },
): Promise<RunSurroundings> {
  const { deployment_id, work_queue_id, parent_task_run_id } = run;
  if (!deployment_id && !work_queue_id && !parent_task_run_id) return NOTHING;
  const [deployment] = deployment_id ? await readDeployment(db, { id: deployment_id }) : [];
  const [queue] = work_queue_id ? await readQueue(db, { id: work_queue_id }) : [];
  const [parent] = parent_task_run_id ? await readParent(db, { id: parent_task_run_id }) : [];
  return { ...NOTHING, ...deployment, ...queue, ...parent };
}
