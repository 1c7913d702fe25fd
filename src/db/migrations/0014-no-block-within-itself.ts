import { sql } from "kysely";
import { changeSchema } from "./change-schema.ts";
import type { Migration, Step } from "./step.ts";
import { addConstraint, dropConstraint } from "./steps/constraints.ts";

const constraint = {
  table: "block_document_reference",
  name: {
    sqlite: "ck_block_document_reference__ck_block_document_reference__no_self_reference",
    postgres: "ck_block_document_reference__ck_block_document_referenc_824f",
  },
};

const deleteRings: Step = {
  title: "Delete references of block documents to themselves",
  table: "block_document_reference",
  run: ({ database }) =>
    changeSchema(database, (tx) =>
      sql`delete from block_document_reference where parent_block_document_id = reference_block_document_id`.execute(
        tx,
      ),
    ),
};

export const noBlockWithinItself: Migration = {
  title: "Forbid block documents that contain themselves",
  revision: { sqlite: "2095de406cbe", postgres: "7218aad17905" },
  up: [
    deleteRings,
    addConstraint({ ...constraint, sql: "CHECK (parent_block_document_id != reference_block_document_id)" }),
  ],
  down: [dropConstraint(constraint)],
};
