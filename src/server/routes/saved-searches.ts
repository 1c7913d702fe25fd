import {
  deleteSavedSearch,
  findSavedSearch,
  listSavedSearches,
  upsertSavedSearch,
} from "../../db/repositories/saved-searches.ts";
import * as s from "../../kit/schema/schema.ts";
import { SavedSearch, SavedSearchCreate } from "../../schemas/saved-search.ts";
import { parts } from "../body-parts.ts";
import { SavedSearchNotFound } from "../errors.ts";
import { slice, sliceParts } from "../paging.ts";
import { Reply, type Route, route } from "../route.ts";
import { savedSearchView } from "../views/saved-search.ts";

const tag = "SavedSearches";

export const savedSearchRoutes: readonly Route[] = [
  route({
    method: "PUT",
    path: "/saved_searches/",
    operationId: "create_saved_search_saved_searches__put",
    tag,
    summary: "Save a search, or change the one of that name.",
    body: SavedSearchCreate,
    response: SavedSearch,
    async handle(ctx, { body }) {
      const [id, now] = [ctx.ids.next(), ctx.db.dialect.timestamp(ctx.clock.now())];
      const search = { id, created: now, updated: now, name: body.name, filters: JSON.stringify(body.filters) };
      const row = await ctx.db.write((tx) => upsertSavedSearch(tx, search));
      return new Reply(row.id === id ? 201 : 200, savedSearchView(row));
    },
  }),

  route({
    method: "POST",
    path: "/saved_searches/filter",
    operationId: "read_saved_searches_saved_searches_filter_post",
    tag,
    summary: "List saved searches by name.",
    body: parts("Body_read_saved_searches_saved_searches_filter_post", sliceParts),
    response: s.array(SavedSearch),
    handle: async (ctx, { body }) => (await listSavedSearches(ctx.db.read, slice(ctx, body))).map(savedSearchView),
  }),

  route({
    method: "GET",
    path: "/saved_searches/{id:uuid}",
    operationId: "read_saved_search_saved_searches__id__get",
    tag,
    summary: "Read one saved search.",
    response: SavedSearch,
    async handle(ctx, { params }) {
      const row = await findSavedSearch(ctx.db.read, params.id);
      if (!row) throw SavedSearchNotFound();
      return savedSearchView(row);
    },
  }),

  route({
    method: "DELETE",
    path: "/saved_searches/{id:uuid}",
    operationId: "delete_saved_search_saved_searches__id__delete",
    tag,
    summary: "Delete a saved search.",
    status: 204,
    async handle(ctx, { params }) {
      if (!(await ctx.db.write((tx) => deleteSavedSearch(tx, params.id)))) throw SavedSearchNotFound();
    },
  }),
];
