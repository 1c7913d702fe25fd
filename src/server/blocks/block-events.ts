import type { BlockTypeRow } from "../../db/repositories/block-types.ts";
import type { NewEvent } from "../../db/repositories/events.ts";
import type { ServerContext } from "../context.ts";
import { type LifecycleChange, lifecycleEvent } from "../events/lifecycle.ts";
import type { BlockDocumentView } from "../views/block-document.ts";
import { blockTypeView } from "../views/block-type.ts";

type Change = LifecycleChange["change"];

export function blockTypeEvent(ctx: ServerContext, change: Change, row: BlockTypeRow): NewEvent {
  const { id, created: _created, updated: _updated, ...payload } = blockTypeView(row);
  return lifecycleEvent(ctx, { kind: "block-type", change, id, name: row.name, payload });
}

/** None for an anonymous document. `view` with its secrets masked; the payload holds only texts that are no secrets. */
export function blockDocumentEvents(ctx: ServerContext, change: Change, view: BlockDocumentView): readonly NewEvent[] {
  if (view.is_anonymous) return [];
  const { id, name, block_type_id, block_type_name, block_schema_id, block_schema } = view;
  const listed = block_schema?.fields.secret_fields;
  const secrets = new Set<unknown>(Array.isArray(listed) ? listed : []);
  const shown = Object.entries(view.data).filter(([key, value]) => typeof value === "string" && !secrets.has(key));
  const payload = {
    name,
    data: Object.fromEntries(shown),
    block_schema: block_schema && {
      capabilities: block_schema.capabilities,
      block_type: { id: block_type_id, name: block_type_name ?? "" },
    },
  };
  const related = [
    {
      "prefect.resource.id": `prefect.block-type.${block_type_id}`,
      "prefect.resource.role": "block-type",
      ...(block_type_name ? { "prefect.resource.name": block_type_name } : {}),
    },
    { "prefect.resource.id": `prefect.block-schema.${block_schema_id}`, "prefect.resource.role": "block-schema" },
  ];
  return [lifecycleEvent(ctx, { kind: "block-document", change, id, name, payload, related })];
}
