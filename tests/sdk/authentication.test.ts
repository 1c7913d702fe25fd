import { expect, test, vi } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { flow, task } from "../../src/sdk/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { temporaryFolder, waitUntil } from "../support/disposable.ts";

test("runs, task runs and logs reach a server that asks for credentials", async (context) => {
  const authString = "admin:p:w";
  await using server = await startTestServer({ env: { PREFECT_SERVER_API_AUTH_STRING: authString } });
  await using home = await temporaryFolder();
  vi.stubEnv("PREFECT_HOME", home.path);
  vi.stubEnv("PREFECT_API_URL", server.apiUrl);
  vi.stubEnv("PREFECT_API_AUTH_STRING", authString);
  vi.stubEnv("PREFECT_LOGGING_LEVEL", "CRITICAL");
  context.onTestFinished(() => void vi.unstubAllEnvs());
  const increment = task({ name: "increment" }, async (n: number) => n + 1);

  expect(await flow({ name: "guarded" }, async () => increment(1))()).toBe(2);

  using client = createClient({ apiUrl: server.apiUrl, authString });
  const recorded = await waitUntil("the task run", async () => (await client.taskRuns.list())[0]);
  expect(recorded).toMatchObject({ task_inputs: { n: [] }, state_name: "Completed" });
});
