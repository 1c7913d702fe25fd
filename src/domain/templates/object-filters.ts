import { REQUIRED } from "./arguments.ts";
import { type Filter, filter } from "./filter.ts";
import { toText } from "./printing.ts";
import { isText, Thing, type Value } from "./values.ts";

const FLOW_RUN = /flow-run\/([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/;

/** Fields of objects with the addresses of their pages, which templates cannot reach otherwise. */
export const PAGE_URL = "_page_url";
export const EVENTS_URL = "_events_url";

/** Filters for the objects that automations give to templates. */
export const objectFilters: Readonly<Record<string, Filter>> = {
  ui_url: filter("ui_url", { obj: REQUIRED }, ({ obj }) => hidden(obj, PAGE_URL)),
  ui_resource_events_url: filter("ui_resource_events_url", { obj: REQUIRED }, ({ obj }) => hidden(obj, EVENTS_URL)),
  flow_run_id: filter("flow_run_id", { text: REQUIRED }, ({ text }) =>
    isText(text) ? (FLOW_RUN.exec(toText(text))?.[1] ?? null) : null,
  ),
};

function hidden(value: Value, field: string): Value {
  return value instanceof Thing ? (value.fields.get(field) ?? null) : null;
}
