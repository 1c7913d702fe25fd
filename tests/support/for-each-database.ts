import { describe } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openTestDatabase } from "../../src/testing/test-databases.ts";
import type { DatabaseKind } from "../../src/testing/test-server-options.ts";
import { postgresUrl } from "./postgres.ts";
import { missing } from "./require.ts";

const KINDS: readonly DatabaseKind[] = ["sqlite", "postgresql"];

/** Describes tests once per kind of database; `open` gives each test an empty, migrated one of its own. */
export function forEachDatabase(tests: (open: () => Promise<Database>, kind: DatabaseKind) => void): void {
  for (const kind of KINDS) {
    describe.skipIf(kind === "postgresql" && missing("postgresql"))(`on ${kind}`, () =>
      tests(() => openTestDatabase(kind, postgresUrl()), kind),
    );
  }
}
