import { findBlockDocument } from "../../../db/repositories/block-documents.ts";
import type { NewEvent } from "../../../db/repositories/events.ts";
import type { JsonObject } from "../../../domain/parameters/json-types.ts";
import { loadDocuments } from "../../blocks/load-documents.ts";
import { BlockDocumentToReadNotFound } from "../../errors.ts";
import { eventNow } from "../../events/event-now.ts";
import { storeEvents } from "../../events/lifecycle.ts";
import type { BlockDocumentView } from "../../views/block-document.ts";
import type { ActionCall } from "./action.ts";

/** A block that an action uses, its secrets readable. */
export interface LoadedBlock {
  readonly slug: string;
  readonly name: string;
  readonly data: JsonObject;
  readonly capabilities: readonly string[];
}

/** Loads a block, which is an event of its own. @throws BlockDocumentToReadNotFound */
export async function loadBlock({ ctx }: ActionCall, id: string): Promise<LoadedBlock> {
  const row = await findBlockDocument(ctx.db.read, id);
  const [view] = row ? await loadDocuments(ctx, ctx.db.read, { rows: [row], includeSecrets: true }) : [];
  if (!view) throw BlockDocumentToReadNotFound();
  const event = loadedEvent({ ctx }, view);
  const events = await ctx.db.write((tx) => storeEvents(ctx, tx, [event]));
  ctx.bus.publish(events);
  return {
    slug: view.block_type?.slug ?? "",
    name: view.name ?? "",
    data: view.data as JsonObject,
    capabilities: (view.block_schema?.capabilities ?? []) as readonly string[],
  };
}

/** The block and its type, as an action's event names them. */
export function relatedToBlock(id: string, { slug, name }: LoadedBlock) {
  return [
    {
      "prefect.resource.id": `prefect.block-document.${id}`,
      "prefect.resource.role": "block",
      "prefect.resource.name": name,
    },
    { "prefect.resource.id": `prefect.block-type.${slug}`, "prefect.resource.role": "block-type" },
  ];
}

function loadedEvent({ ctx }: Pick<ActionCall, "ctx">, view: BlockDocumentView): NewEvent {
  const slug = view.block_type?.slug ?? "";
  return eventNow(ctx, {
    event: `prefect.block.${slug}.loaded`,
    resource: {
      "prefect.resource.id": `prefect.block-document.${view.id}`,
      "prefect.resource.name": view.name ?? "",
    },
    related: [{ "prefect.resource.id": `prefect.block-type.${slug}`, "prefect.resource.role": "block-type" }],
  });
}
