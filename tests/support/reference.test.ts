import { describe, expect, test } from "vitest";
import { referenceOpenApi } from "./python.ts";
import { type DatabaseKind, startReference } from "./reference.ts";
import { missing } from "./require.ts";

const databases: readonly DatabaseKind[] = ["sqlite", "postgresql"];

describe.skipIf(missing("reference-3.9.1"))("the reference", () => {
  describe.each(databases)("on %s", (database) => {
    test.skipIf(database === "postgresql" && missing("postgresql"))(
      "starts empty and can be cleared",
      async () => {
        await using server = await startReference({ database });
        const count = async () => (await fetch(`${server.apiUrl}/flows/count`, { method: "POST" })).json();
        const body = JSON.stringify({ name: "a flow" });
        const headers = { "content-type": "application/json" };
        await fetch(`${server.apiUrl}/flows/`, { method: "POST", body, headers });
        const created = await count();

        await server.clear();

        expect([created, await count()]).toEqual([1, 0]);
      },
      120_000,
    );
  });

  test("gives its OpenAPI document", async () => {
    expect(await referenceOpenApi()).toHaveProperty(["paths", "/flow_runs/{id}/set_state"]);
  }, 60_000);
});
