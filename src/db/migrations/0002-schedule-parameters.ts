import type { Migration } from "./step.ts";
import { addColumn, dropColumn } from "./steps/columns.ts";
import { emptyObject } from "./table-definition.ts";

export const scheduleParameters: Migration = {
  title: "Let schedules have parameters",
  revision: { sqlite: "67f886da208e", postgres: "c163acd7e8e3" },
  up: [addColumn("deployment_schedule", "parameters", emptyObject())],
  down: [dropColumn("deployment_schedule", "parameters")],
};
