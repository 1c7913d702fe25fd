import type { Migration } from "./step.ts";
import { addColumn, dropColumn } from "./steps/columns.ts";
import { emptyArray } from "./table-definition.ts";

export const automationTags: Migration = {
  title: "Let automations have tags",
  revision: { sqlite: "bb2345678901", postgres: "aa1234567890" },
  up: [addColumn("automation", "tags", emptyArray())],
  down: [dropColumn("automation", "tags")],
};
