import { describe, expect, expectTypeOf, test } from "vitest";
import type { matchDeployment } from "../../../src/db/filters/deployment.ts";
import type { EventCriteria } from "../../../src/db/filters/event.ts";
import type { matchFlow } from "../../../src/db/filters/flow.ts";
import type { matchFlowRun } from "../../../src/db/filters/flow-run.ts";
import type { matchLog } from "../../../src/db/filters/log.ts";
import type { RelatedFilters } from "../../../src/db/filters/related.ts";
import type { matchTaskRun } from "../../../src/db/filters/task-run.ts";
import type { DeploymentFilter } from "../../../src/schemas/filters/deployment-filter.ts";
import type { EventFilter } from "../../../src/schemas/filters/event-filter.ts";
import type { FlowFilter } from "../../../src/schemas/filters/flow-filter.ts";
import type { FlowRunFilter } from "../../../src/schemas/filters/flow-run-filter.ts";
import type { LogFilter } from "../../../src/schemas/filters/log-filter.ts";
import type { TaskRunFilter } from "../../../src/schemas/filters/task-run-filter.ts";
import type { WorkPoolFilter } from "../../../src/schemas/filters/work-pool-filter.ts";
import type { WorkQueueFilter } from "../../../src/schemas/filters/work-queue-filter.ts";
import { relatedSubjects } from "./related-subjects.ts";
import { forEachSeededDatabase, listMatches } from "./seed.ts";

describe.each(relatedSubjects)("filters of $table", ({ table, column, cases }) => {
  forEachSeededDatabase((database) => {
    test.each(cases)("$title", async ({ match, found }) => {
      expect(await listMatches(database(), table, { column, match })).toEqual(found);
    });
  });
});

interface WireFilters {
  readonly flows: FlowFilter;
  readonly flow_runs: FlowRunFilter;
  readonly task_runs: TaskRunFilter;
  readonly deployments: DeploymentFilter;
  readonly work_pools: WorkPoolFilter;
  readonly work_pool_queues: WorkQueueFilter;
}

test("filters of the wire can be matched, field for field", () => {
  expectTypeOf<WireFilters>().toExtend<RelatedFilters>();
  expectTypeOf<keyof FlowRunFilter>().toEqualTypeOf<keyof Parameters<typeof matchFlowRun>[1]>();
  expectTypeOf<keyof TaskRunFilter>().toEqualTypeOf<keyof Parameters<typeof matchTaskRun>[1]>();
  expectTypeOf<keyof FlowFilter>().toEqualTypeOf<keyof Parameters<typeof matchFlow>[1]>();
  expectTypeOf<keyof DeploymentFilter>().toEqualTypeOf<keyof Parameters<typeof matchDeployment>[1]>();
  expectTypeOf<EventFilter>().toExtend<EventCriteria>();
  expectTypeOf<keyof LogFilter>().toEqualTypeOf<keyof Parameters<typeof matchLog>[1]>();
});
