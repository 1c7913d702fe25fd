import * as s from "../../kit/schema/schema.ts";
import { NotFound, ViewNotFound } from "../errors.ts";
import { type Route, route } from "../route.ts";

export const collectionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/collections/views/{view}",
    operationId: "read_view_content_collections_views__view__get",
    tag: "Collections",
    summary: "What is known of the blocks and workers of Python's packages.",
    response: s.record(s.json()),
    async handle(_ctx, { params }) {
      const { view: name = "" } = params;
      if (name === "") throw NotFound();
      // Asked for when a work pool is made: not worth memory from the start.
      const { views } = await import("../collections/views.ts");
      const view = views.get(name);
      if (!view) throw ViewNotFound(name);
      return view();
    },
  }),
];
