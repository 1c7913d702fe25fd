import type { ServerContext } from "../context.ts";
import { FlowRunToSetNotFound, TaskRunToSetNotFound } from "../errors.ts";
import { isUnavailable } from "../events/ingest.ts";

interface Run {
  readonly id: string;
}

/**
 * Does something to each run, one after the other. A run that was deleted since it was listed is no failure, and what
 * goes wrong with one run does not keep the others waiting. Gives how many it was done to.
 * @throws when the database is away
 */
export async function settleEach<T extends Run>(
  ctx: ServerContext,
  runs: readonly T[],
  settle: (run: T) => Promise<unknown>,
): Promise<number> {
  let settled = 0;
  for (const run of runs) {
    try {
      await settle(run);
      settled += 1;
    } catch (error) {
      if (isUnavailable(error)) throw error;
      if (FlowRunToSetNotFound.is(error) || TaskRunToSetNotFound.is(error)) continue;
      ctx.log.error({ err: error, run_id: run.id }, "a service could not change a run; it will be tried again");
    }
  }
  return settled;
}
