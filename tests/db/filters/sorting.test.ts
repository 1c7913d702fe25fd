import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { estimatedLatenessSeconds, estimatedRunSeconds } from "../../../src/db/filters/run-times.ts";
import {
  artifactCollectionOrder,
  artifactOrder,
  automationOrder,
  blockDocumentOrder,
  deploymentOrder,
  flowOrder,
  flowRunOrder,
  logOrder,
  type Order,
  taskRunOrder,
  variableOrder,
} from "../../../src/db/filters/sorting.ts";
import type { TableName } from "../../../src/db/tables.ts";
import type { Schema } from "../../../src/kit/schema/schema.ts";
import { DeploymentSort, FlowRunSort, TaskRunSort } from "../../../src/schemas/sorting.ts";
import { at, forEachSeededDatabase, WEIRD_NAME } from "./seed.ts";

/** The words a sort schema allows. */
function valuesOf<T>(schema: Schema<T>): readonly T[] {
  return schema.component?.node.enum as readonly T[];
}

const now = at("12:00:10.500000");

describe("sort orders", () => {
  forEachSeededDatabase((database) => {
    async function sorted(table: TableName, column: string, order: Order): Promise<unknown[]> {
      const present = sql`${sql.ref(`${table}.${column}`)}`;
      const query = sql<{ value: unknown }>`select ${present} as value from ${sql.table(table)} order by ${order}`;
      return (await query.execute(database().read)).rows.map((row) => row.value);
    }
    const runs = async (sort: FlowRunSort) =>
      (await sorted("flow_run", "name", flowRunOrder(sort))).filter((name) => name !== WEIRD_NAME);
    const tasks = (sort: TaskRunSort) =>
      sorted("task_run", "name", taskRunOrder(sort, { dialect: database().dialect, now }));

    test("flow runs by start, or else expected start", async () => {
      expect(await runs("START_TIME_ASC")).toEqual(["done", "busy", "late"]);
      expect(await runs("START_TIME_DESC")).toEqual(["late", "busy", "done"]);
    });

    test("flow runs by id, newest first", async () => {
      expect(await sorted("flow_run", "name", flowRunOrder("ID_DESC"))).toEqual([WEIRD_NAME, "late", "busy", "done"]);
    });

    test("task runs by duration, running ones up to now, ties by id", async () => {
      expect(await tasks("DURATION_DESC")).toEqual(["Failed one", "background", "parent", "pending"]);
      expect(await tasks("DURATION_ASC")).toEqual(["pending", "parent", "background", "Failed one"]);
    });

    test("every order of the schemas is one the database accepts", async () => {
      for (const sort of valuesOf(FlowRunSort)) expect(await runs(sort)).toHaveLength(3);
      for (const sort of valuesOf(TaskRunSort)) expect(await tasks(sort)).toHaveLength(4);
      for (const sort of valuesOf(DeploymentSort))
        expect(await sorted("deployment", "name", deploymentOrder(sort))).toHaveLength(2);
    });

    test("other resources", async () => {
      expect(await sorted("flow", "name", flowOrder("NAME_DESC"))).toContain("alpha");
      expect(await sorted("log", "level", logOrder("TIMESTAMP_ASC"))).toEqual([20, 40, 10]);
      expect(await sorted("log", "level", logOrder("TIMESTAMP_DESC"))).toEqual([10, 40, 20]);
      expect(await sorted("artifact", "key", artifactOrder("ID_DESC"))).toEqual(["Table_1", null, "report"]);
      expect(await sorted("artifact_collection", "key", artifactCollectionOrder("ID_DESC"))).toEqual([
        "Table_1",
        "report",
      ]);
      expect(await sorted("variable", "name", variableOrder("NAME_DESC"))).toEqual(["t_two", "one"]);
      expect(await sorted("automation", "name", automationOrder("CREATED_DESC"))).toEqual(["cancel", "notify"]);
      expect(await sorted("block_document", "name", blockDocumentOrder("BLOCK_TYPE_AND_NAME_ASC"))).toContain("team");
    });

    test("run time and lateness of flow runs, in seconds", async () => {
      const { dialect, read } = database();
      const { rows } = await sql<Record<string, unknown>>`
        select name, ${estimatedRunSeconds(dialect, "flow_run", now)} as run, ${estimatedLatenessSeconds(dialect, "flow_run", at("13:00:02"))} as late
        from flow_run order by id`.execute(read);

      expect(rows).toEqual([
        { name: "done", run: 3600, late: 3600 },
        { name: "busy", run: 20.25, late: 0.5 },
        { name: "late", run: 0, late: 2 },
        { name: WEIRD_NAME, run: 0, late: 0 },
      ]);
    });
  });
});
