import {
  countPoolSlots,
  countWorkPools,
  findWorkPool,
  listWorkPools,
  type WorkPoolRow,
} from "../../db/repositories/work-pools.ts";
import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { WorkPoolFilter } from "../../schemas/filters/work-pool-filter.ts";
import { WorkPoolCreate, WorkPoolResponse, WorkPoolUpdate } from "../../schemas/work-pool.ts";
import { clientVersion } from "../api-version.ts";
import { parts } from "../body-parts.ts";
import type { ServerContext } from "../context.ts";
import { WorkPoolNameTaken, WorkPoolNotFound, WorkPoolReserved } from "../errors.ts";
import { writeWithEvents } from "../events/lifecycle.ts";
import { checkJobVariables } from "../orchestration/job-variables.ts";
import { changeWorkPool, createWorkPool, poolStatusEvent, removeWorkPool } from "../orchestration/work-pools.ts";
import { slice, sliceParts } from "../paging.ts";
import { type Route, type RouteRequest, route } from "../route.ts";
import { workPoolView } from "../views/work-pool.ts";

const tag = "Work Pools";

const RESERVED = "Work pools starting with 'Prefect' are reserved for internal use";
/** What may be changed of a reserved pool. */
const OPEN_FIELDS: ReadonlySet<string> = new Set(["is_paused", "concurrency_limit"]);

/** What connected workers are told of. */
const WORKER_FIELDS = ["base_job_template", "concurrency_limit", "is_paused", "storage_configuration"] as const;

export const workPoolRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/work_pools/",
    operationId: "create_work_pool_work_pools__post",
    tag,
    summary: "Create a work pool with its default queue.",
    body: WorkPoolCreate,
    status: 201,
    response: WorkPoolResponse,
    async handle(ctx, { body, headers }) {
      if (isReserved(body.name)) throw WorkPoolReserved(`${RESERVED}.`);
      const row = await insertPool(ctx, body);
      return workPoolView(row, new Map(), clientVersion(headers));
    },
  }),

  route({
    method: "POST",
    path: "/work_pools/filter",
    operationId: "read_work_pools_work_pools_filter_post",
    tag,
    summary: "List work pools by name.",
    body: parts("Body_read_work_pools_work_pools_filter_post", { work_pools: orAbsent(WorkPoolFilter), ...sliceParts }),
    response: s.array(WorkPoolResponse),
    async handle(ctx, { body, headers }) {
      return await views(ctx, await listWorkPools(ctx.db.read, body.work_pools, slice(ctx, body)), headers);
    },
  }),

  route({
    method: "POST",
    path: "/work_pools/count",
    operationId: "count_work_pools_work_pools_count_post",
    tag,
    summary: "Count work pools.",
    body: parts("Body_count_work_pools_work_pools_count_post", { work_pools: orAbsent(WorkPoolFilter) }),
    response: s.integer(),
    handle: (ctx, { body }) => countWorkPools(ctx.db.read, body.work_pools),
  }),

  route({
    method: "GET",
    path: "/work_pools/{name}",
    operationId: "read_work_pool_work_pools__name__get",
    tag,
    summary: "Read the work pool of a name.",
    response: WorkPoolResponse,
    async handle(ctx, { params, headers }) {
      const row = await findWorkPool(ctx.db.read, params.name ?? "");
      if (!row) throw WorkPoolNotFound(params.name ?? "");
      return (await views(ctx, [row], headers))[0];
    },
  }),

  route({
    method: "PATCH",
    path: "/work_pools/{name}",
    operationId: "update_work_pool_work_pools__name__patch",
    tag,
    summary: "Change what is named of a work pool.",
    body: WorkPoolUpdate,
    status: 204,
    async handle(ctx, { params, body }) {
      const name = params.name ?? "";
      if (isReserved(name) && Object.keys(body).some((field) => !OPEN_FIELDS.has(field))) {
        throw WorkPoolReserved(`${RESERVED} and can only be updated to set concurrency limits or pause.`);
      }
      const poolId = await writeWithEvents(ctx, async (tx) => {
        const pool = await findWorkPool(tx, name);
        if (!pool) throw WorkPoolNotFound(name);
        const { events } = await changeWorkPool(ctx, tx, { pool, update: body });
        return { result: pool.id, events };
      });
      if (WORKER_FIELDS.some((field) => field in body)) ctx.live.pools.publish([`updated:${poolId}`]);
    },
  }),

  route({
    method: "DELETE",
    path: "/work_pools/{name}",
    operationId: "delete_work_pool_work_pools__name__delete",
    tag,
    summary: "Delete a work pool with its queues and workers; runs and deployments stay.",
    status: 204,
    async handle(ctx, { params }) {
      const name = params.name ?? "";
      if (isReserved(name)) throw WorkPoolReserved(`${RESERVED} and can not be deleted.`);
      const poolId = await writeWithEvents(ctx, async (tx) => {
        const pool = await findWorkPool(tx, name);
        if (!pool) throw WorkPoolNotFound(name);
        const { events } = await removeWorkPool(ctx, tx, pool);
        return { result: pool.id, events };
      });
      ctx.live.pools.publish([`updated:${poolId}`]);
    },
  }),
];

function isReserved(name: string): boolean {
  return name.toLowerCase().startsWith("prefect");
}

function insertPool(ctx: ServerContext, body: WorkPoolCreate): Promise<WorkPoolRow> {
  return writeWithEvents(ctx, async (tx) => {
    await checkJobVariables(ctx, tx, {
      template: JSON.stringify(body.base_job_template),
      layers: [],
      doing: "Validation failed for work pool's job variable defaults: ",
      mustBeComplete: false,
      ignoreInvalidDefaults: false,
    });
    const { result, events } = await createWorkPool(ctx, tx, body);
    if (!result) throw WorkPoolNameTaken();
    return { result, events: [...events, poolStatusEvent(ctx, result)] };
  });
}

async function views(
  ctx: ServerContext,
  rows: readonly WorkPoolRow[],
  headers: RouteRequest<undefined, undefined>["headers"],
) {
  const limited = rows.filter(({ concurrency_limit }) => concurrency_limit !== null).map(({ id }) => id);
  const slots = await countPoolSlots(ctx.db.read, limited);
  const client = clientVersion(headers);
  return rows.map((row) => workPoolView(row, slots, client));
}
