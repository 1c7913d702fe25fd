import { isReachable } from "../../db/ping.ts";
import * as s from "../../kit/schema/schema.ts";
import { CsrfToken, ServerDefaultResultStorage, ServerDefaultResultStorageUpdate } from "../../schemas/admin.ts";
import { settingsTree } from "../../settings/index.ts";
import { API_VERSION } from "../api-version.ts";
import { createCsrfToken } from "../csrf.ts";
import { clearResultStorage, findResultStorage, setResultStorage } from "../result-storage.ts";
import { Reply, type Route, route } from "../route.ts";

/** The release whose API this server implements. */
export const SERVER_VERSION = "3.9.1";

export const adminRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/health",
    operationId: "health_check_health_get",
    tag: "Root",
    summary: "Say that the process answers.",
    response: s.boolean(),
    handle: async () => true,
  }),
  route({
    method: "GET",
    path: "/ready",
    operationId: "perform_readiness_check_ready_get",
    tag: "Root",
    summary: "Say whether the database answers.",
    async handle(ctx) {
      if (await isReachable(ctx.db.read)) return { message: "OK" };
      return new Reply(503, { message: "Database is not available" }, { "retry-after": "1" });
    },
  }),
  route({
    method: "GET",
    path: "/hello",
    operationId: "hello_hello_get",
    tag: "Root",
    summary: "Wave.",
    response: s.string(),
    handle: async () => "👋",
  }),
  route({
    method: "GET",
    path: "/version",
    operationId: "server_version_version_get",
    tag: "Root",
    summary: "The API version.",
    response: s.string(),
    handle: async () => API_VERSION,
  }),
  route({
    method: "GET",
    path: "/csrf-token",
    operationId: "create_csrf_token_csrf_token_get",
    tag: "Root",
    summary: "Make a CSRF token for a client, in place of the one it had.",
    query: s.object("CsrfTokenQuery", { client: s.string() }),
    response: CsrfToken,
    handle: (ctx, { query }) => createCsrfToken(ctx, query.client),
  }),
  route({
    method: "GET",
    path: "/admin/settings",
    operationId: "read_settings_admin_settings_get",
    tag: "Admin",
    summary: "The server's settings, secrets masked.",
    handle: async (ctx) => settingsTree(ctx.settings),
  }),
  route({
    method: "GET",
    path: "/admin/version",
    operationId: "read_version_admin_version_get",
    tag: "Admin",
    summary: "The Prefect release this server stands in for.",
    response: s.string(),
    handle: async () => SERVER_VERSION,
  }),
  route({
    method: "GET",
    path: "/admin/storage",
    operationId: "read_server_default_result_storage_admin_storage_get",
    tag: "Admin",
    summary: "Where runs keep results that name no storage.",
    response: ServerDefaultResultStorage,
    handle: (ctx) => findResultStorage(ctx),
  }),
  route({
    method: "PUT",
    path: "/admin/storage",
    operationId: "update_server_default_result_storage_admin_storage_put",
    tag: "Admin",
    summary: "Choose the block in which runs keep results that name no storage.",
    body: ServerDefaultResultStorageUpdate,
    response: ServerDefaultResultStorage,
    handle: (ctx, { body }) => setResultStorage(ctx, body.default_result_storage_block_id),
  }),
  route({
    method: "DELETE",
    path: "/admin/storage",
    operationId: "clear_server_default_result_storage_admin_storage_delete",
    tag: "Admin",
    summary: "Leave the storage of results to each flow.",
    status: 204,
    handle: (ctx) => clearResultStorage(ctx),
  }),
];
