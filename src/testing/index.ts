export type { RunningServer } from "../server/main.ts";
export { createTestDatabase, type DatabaseKind, openTestDatabase, type TestDatabase } from "./test-databases.ts";
export { startTestServer, type TestServerOptions } from "./test-server.ts";
