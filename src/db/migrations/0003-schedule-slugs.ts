import type { Migration } from "./step.ts";
import { addColumn, dropColumn } from "./steps/columns.ts";
import { createIndex, dropIndex } from "./steps/indexes.ts";
import { optional, text } from "./table-definition.ts";

export const scheduleSlugs: Migration = {
  title: "Let schedules have names of their own",
  revision: { sqlite: "07ecde74d74d", postgres: "a03d00b8e275" },
  up: [
    addColumn("deployment_schedule", "slug", optional(text())),
    createIndex("deployment_schedule ix_deployment_schedule__slug (slug)"),
    createIndex(
      "UNIQUE deployment_schedule ix_deployment_schedule__deployment_id__slug (deployment_id, slug) WHERE slug IS NOT NULL",
    ),
  ],
  down: [
    dropIndex("ix_deployment_schedule__deployment_id__slug"),
    dropIndex("ix_deployment_schedule__slug"),
    dropColumn("deployment_schedule", "slug"),
  ],
};
