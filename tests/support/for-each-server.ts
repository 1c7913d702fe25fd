import { describe } from "vitest";
import type { RunningServer } from "../../src/server/main.ts";
import { startTestServer } from "../../src/testing/test-server.ts";
import type { DatabaseKind, TestServerOptions } from "../../src/testing/test-server-options.ts";
import { postgresUrl } from "./postgres.ts";
import { missing } from "./require.ts";

const KINDS: readonly DatabaseKind[] = ["sqlite", "postgresql"];

type Start = (options?: Omit<TestServerOptions, "database" | "postgresUrl">) => Promise<RunningServer>;

/** Describes tests once per kind of database; `start` gives each test a server with an empty one of its own. */
export function forEachServer(tests: (start: Start, kind: DatabaseKind) => void): void {
  for (const kind of KINDS) {
    describe.skipIf(kind === "postgresql" && missing("postgresql"))(`on ${kind}`, () =>
      tests((options = {}) => startTestServer({ ...options, database: kind, postgresUrl: postgresUrl() }), kind),
    );
  }
}
