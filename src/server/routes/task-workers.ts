import * as s from "../../kit/schema/schema.ts";
import { orAbsent } from "../../schemas/common.ts";
import { TaskWorkerFilter, TaskWorkerResponse } from "../../schemas/worker.ts";
import { parts } from "../body-parts.ts";
import { type Route, route } from "../route.ts";
import { readWorkers } from "../task-queue.ts";

export const taskWorkerRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/task_workers/filter",
    operationId: "read_task_workers_task_workers_filter_post",
    tag: "Task Workers",
    summary: "List who serves background tasks at the moment.",
    body: parts("Body_read_task_workers_task_workers_filter_post", {
      task_worker_filter: orAbsent(TaskWorkerFilter),
    }),
    response: s.array(TaskWorkerResponse),
    async handle(ctx, { body }) {
      const keys = body.task_worker_filter?.task_keys ?? [];
      return readWorkers(ctx, keys.length > 0 ? keys : undefined);
    },
  }),
];
