import type { Migration } from "./step.ts";
import { addColumn, dropColumn } from "./steps/columns.ts";
import { emptyObject } from "./table-definition.ts";

export const workPoolStorage: Migration = {
  title: "Let work pools say where code is stored",
  revision: { sqlite: "3457c6ca2360", postgres: "b5f5644500d2" },
  up: [addColumn("work_pool", "storage_configuration", emptyObject())],
  down: [dropColumn("work_pool", "storage_configuration")],
};
