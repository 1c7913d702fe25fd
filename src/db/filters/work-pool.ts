import { id, oneOfWords, time, word } from "./criteria.ts";
import { column, defineFilter } from "./filter.ts";

/** WorkPoolFilter as a condition on `work_pool`. */
export const matchWorkPool = defineFilter({
  id: id(column("work_pool.id")),
  name: word(column("work_pool.name")),
  type: word(column("work_pool.type")),
});

/** WorkQueueFilter as a condition on `work_queue`. */
export const matchWorkQueue = defineFilter({
  id: id(column("work_queue.id")),
  name: word(column("work_queue.name")),
});

/** WorkerFilter as a condition on `worker`; the status is the stored one. */
export const matchWorker = defineFilter({
  last_heartbeat_time: time(column("worker.last_heartbeat_time")),
  status: oneOfWords(column("worker.status")),
});
