import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import {
  allowFailure,
  artifacts,
  cancelled,
  completed,
  failed,
  flow,
  isCompleted,
  log,
  pauseFlowRun,
  run,
  tags,
  task,
  unmapped,
} from "../../src/sdk/index.ts";
import { waitUntil } from "../support/disposable.ts";
import { forEachApi } from "./api.ts";

const add = task({ name: "add" }, async (a: number, b: number) => a + b);
const makeRow = task({ name: "make-row" }, async (id: number) => ({ id }));
const readId = task({ name: "read-id" }, async (row: { id: number }) => row.id);
const fail = task({ name: "fail" }, async (why: string): Promise<number> => {
  throw new Error(why);
});

/** Fails as often as told, counted per call of the factory. */
function flaky(failures: number, options: object = {}) {
  let calls = 0;
  return task({ name: "flaky", retries: 2, ...options }, async () => {
    calls += 1;
    if (calls <= failures) throw new Error(`failure ${calls}`);
    return calls;
  });
}

forEachApi((api) => {
  describe("a flow", () => {
    test("is recorded with its parameters, its tasks and what they came from", async () => {
      const chain = flow({ name: "chain", tags: ["a"] }, async (id: number) => readId(makeRow.submit(id)));

      expect(await chain(7)).toBe(7);

      const recorded = await api.readRun("chain");
      const [made, read] = await api.readTaskRuns(recorded, 2);
      expect(recorded).toMatchObject({ parameters: { id: 7 }, tags: ["a"], run_count: 1, state_name: "Completed" });
      expect(await api.readStates(recorded)).toEqual(["Pending", "Running", "Completed"]);
      expect([made?.name.replace(/.{3}$/, "*"), read?.name.replace(/.{3}$/, "*")]).toEqual(["make-row-*", "read-id-*"]);
      expect(read?.task_inputs).toEqual({ row: [{ input_type: "task_run", id: made?.id }] });
      expect(read).toMatchObject({ run_count: 1, flow_run_run_count: 1 });
    });

    test("that throws fails with what it threw", async () => {
      const broken = flow({ name: "broken" }, async () => {
        throw new TypeError("no luck");
      });

      await expect(broken()).rejects.toThrow(new TypeError("no luck"));
      expect((await api.readRun("broken")).state).toMatchObject({
        type: "FAILED",
        message: "Flow run encountered an exception: TypeError: no luck",
      });
    });

    test("with retries runs again in the same process", async () => {
      let calls = 0;
      const again = flow({ name: "again", retries: 2 }, async () => {
        calls += 1;
        if (calls < 3) throw new Error("not yet");
        return run.flowRun.runCount;
      });

      expect(await again()).toBe(3);
      const states = await api.readStates(await api.readRun("again"));
      expect(states.filter((name) => name === "AwaitingRetry")).toHaveLength(2);
      expect(states.at(-1)).toBe("Completed");
    });

    test("that takes too long fails as TimedOut and its signal is aborted", async () => {
      let reason: unknown;
      const slow = flow({ name: "slow", timeoutSeconds: 0.1, input: z.object({}) }, async (_, ctx) => {
        ctx.signal.addEventListener("abort", () => {
          reason = ctx.signal.reason;
        });
        await delay(5_000, undefined, { signal: ctx.signal });
      });

      const state = await slow.withState();

      expect(state).toMatchObject({ type: "FAILED", name: "TimedOut" });
      expect(String(reason)).toContain("Flow run exceeded timeout of 0.1 second(s)");
    });

    test("with parameters that are not valid fails without running", async () => {
      const body = vi.fn();
      const strict = flow({ name: "strict", input: z.object({ n: z.coerce.number() }) }, body);

      const state = await strict.withState({ n: "x" });

      expect(state.message).toMatch(/^Validation of flow parameters failed with error:/);
      expect(body).not.toHaveBeenCalled();
      expect((await api.readRun("strict")).parameters).toEqual({ n: "x" });
    });

    test("gets its parameters coerced, while the API keeps them as given", async () => {
      const coerced = flow({ name: "coerced", input: z.object({ n: z.coerce.number() }) }, async ({ n }) => n);

      expect(await coerced({ n: "5" })).toBe(5);
      expect((await api.readRun("coerced")).parameters).toEqual({ n: "5" });
    });

    test("is named by its template", async () => {
      await flow({ name: "named", flowRunName: "greet {who}" }, async (who: string) => who)("Ada");

      expect((await api.readRun("named")).name).toBe("greet Ada");
    });

    test("calls its hooks in order with the run and the state", async () => {
      const seen: unknown[] = [];
      const note = (_flow: unknown, flowRun: { name: string }, state: { name: string }) =>
        seen.push(typeof flowRun.name, state.name);
      const hooked = flow(
        { name: "hooked", onRunning: [note], onCompletion: [note], onFailure: [note] },
        async () => 1,
      );

      await hooked();

      expect(seen).toEqual(["string", "Running", "string", "Completed"]);
    });
  });

  describe("the final state of a flow", () => {
    const returning = (value: () => unknown) =>
      flow({ name: "returning", validateParameters: false }, async () => value()).withState();

    test("is a state the user built", async () => {
      expect(await returning(() => failed({ message: "by choice" }))).toMatchObject({
        type: "FAILED",
        message: "by choice",
      });
      expect(await returning(() => completed({ name: "Skipped" }))).toMatchObject({
        type: "COMPLETED",
        name: "Skipped",
      });
    });

    test.each([
      ["all completed", () => [add.submit(1, 2), add.submit(3, 4)], "COMPLETED", "All states completed."],
      ["one failed", () => [add.submit(1, 2), fail.submit("x")], "FAILED", "1/2 states failed."],
    ])("aggregates futures: %s", async (_title, value, ...[type, message]) => {
      expect(await returning(value)).toMatchObject({ type, message });
    });

    test("is CANCELLED when one of the states is", async () => {
      const state = await returning(async () => [
        await add.withState(1, 2),
        { ...cancelled(), state_details: { flow_run_id: "x" } },
      ]);

      expect(state).toMatchObject({ type: "CANCELLED", message: "1/2 states cancelled." });
    });

    test("does not depend on a failed task whose error was caught", async () => {
      const state = await returning(async () => (await fail.withState("x")).type);

      expect(isCompleted(state)).toBe(true);
    });
  });

  describe("a task", () => {
    test("that fails twice succeeds on its second retry", async () => {
      const task = flaky(2, { retryDelaySeconds: [0, 0.01] });
      await flow({ name: "retrying" }, async () => task())();

      const [recorded] = await api.readTaskRuns(await api.readRun("retrying"), 1);
      const names = (await api.client.taskRuns.states(recorded?.id ?? "")).map((state) => state.name);
      expect(names).toEqual(["Pending", "Running", "Retrying", "AwaitingRetry", "Retrying", "Completed"]);
      expect(recorded?.run_count).toBe(3);
    });

    test("is not retried when its condition says no", async () => {
      const task = flaky(1, { retryIf: () => false });
      const state = await flow({ name: "unretried" }, async () => task()).withState();

      expect(state.type).toBe("FAILED");
      const [recorded] = await api.readTaskRuns(await api.readRun("unretried"), 1);
      expect(recorded).toMatchObject({ run_count: 1, state_name: "Failed" });
    });

    test("that takes too long is TimedOut", async () => {
      const slow = task({ name: "slow", timeoutSeconds: 0.05 }, () => delay(5_000, 1, { ref: false }));
      const state = await flow({ name: "impatient" }, async () => slow()).withState();

      const [recorded] = await api.readTaskRuns(await api.readRun("impatient"), 1);
      expect(state.type).toBe("FAILED");
      expect(recorded?.state).toMatchObject({ type: "FAILED", name: "TimedOut" });
    });

    test("whose upstream failed is NotReady, unless failure is allowed", async () => {
      const describeInput = task({ name: "describe-input" }, async (value: unknown) => String(value));
      const upstream = flow({ name: "upstream" }, async () => {
        const broken = fail.submit("boom");
        const skipped = await add.submit(broken, 1).state();
        return [skipped.name, await describeInput.submit(allowFailure(broken))];
      });

      expect(await upstream()).toEqual(["NotReady", "Error: boom"]);
      const states = (await api.readTaskRuns(await api.readRun("upstream"), 3)).map((recorded) => recorded.state_name);
      expect(states.toSorted()).toEqual(["Completed", "Failed", "NotReady"]);
    });

    test("is mapped over a list, with constants unmapped", async () => {
      const numbers = Array.from({ length: 40 }, (_, index) => index);
      const mapped = flow({ name: "mapped" }, async () => add.map(numbers, unmapped(1)));

      expect(await mapped()).toEqual(numbers.map((number) => number + 1));
      expect(await api.readTaskRuns(await api.readRun("mapped"), 40)).toHaveLength(40);
    });

    test("runs no more often at once than its flow allows", async () => {
      let running = 0;
      let most = 0;
      const count = task({ name: "count" }, async (_: number) => {
        running += 1;
        most = Math.max(most, running);
        await delay(5);
        running -= 1;
      });
      const bounded = flow({ name: "bounded", maxConcurrentTasks: 2 }, async () => {
        await count.map([1, 2, 3, 4, 5, 6]);
      });

      await bounded();

      expect(most).toBe(2);
    });

    test("waits for what it is told to wait for", async () => {
      const order: string[] = [];
      const note = task({ name: "note" }, async (text: string, pauseMs: number) => {
        await delay(pauseMs);
        order.push(text);
      });
      const ordered = flow({ name: "ordered" }, async () => {
        const first = note.submit("first", 20);
        await note.submit("second", 0, { waitFor: [first] });
      });

      await ordered();

      expect(order).toEqual(["first", "second"]);
      const [first, second] = await api.readTaskRuns(await api.readRun("ordered"), 2);
      expect(second?.task_inputs.wait_for).toEqual([{ input_type: "task_run", id: first?.id }]);
    });

    test("runs outside a flow", async () => {
      expect(await add(1, 2)).toBe(3);
      const runs = await waitUntil("the task run", async () => {
        const found = await api.client.taskRuns.list({ task_runs: { flow_run_id: { is_null_: true } } });
        return found.length > 0 && found;
      });
      expect(runs[0]?.name).toBe("add");
    });

    test("is tagged with its own tags and those around it", async () => {
      const tagged = flow({ name: "tagged", tags: ["flow"] }, async () => {
        using _ = tags("block");
        await makeRow.withOptions({ tags: ["own"] })(1);
      });

      await tagged();

      const [recorded] = await api.readTaskRuns(await api.readRun("tagged"), 1);
      expect(recorded?.tags.toSorted()).toEqual(["block", "flow", "own"]);
    });
  });

  test("a subflow is a run of its own, stood for by a task run of its parent", async () => {
    const child = flow({ name: "child" }, async (row: { id: number }) => row.id + 1);
    const parent = flow({ name: "parent" }, async () => child(await makeRow(1)));

    expect(await parent()).toBe(2);

    const [made, tracking] = await api.readTaskRuns(await api.readRun("parent"), 2);
    const recorded = await api.readRun("child");
    expect(recorded).toMatchObject({ parent_task_run_id: tracking?.id, state_name: "Completed" });
    expect(tracking).toMatchObject({ name: "child-0", state_name: "Completed" });
    expect(tracking?.task_inputs).toEqual({ row: [{ input_type: "task_run", id: made?.id }] });
  });

  test("a retried parent whose subflows begin in another order gives each the place of the one with its parameters", async () => {
    const chunk = flow({ name: "chunk" }, async (n: number) => n);
    let attempts = 0;
    const parent = flow({ name: "chunked", retries: 1 }, async () => {
      attempts += 1;
      for (const n of attempts === 1 ? [1, 2] : [2, 1]) await chunk(n);
      if (attempts === 1) throw new Error("once more");
    });

    await parent();

    const trackings = await api.readTaskRuns(await api.readRun("chunked"), 2);
    const runs = await api.client.flowRuns.list({ flows: { name: { any_: ["chunk"] } }, limit: 10 });
    const places = trackings.map(({ id }) => runs.filter((run) => run.parent_task_run_id === id));
    const parameters = places.map((place) => place.map((run) => run.parameters.n));
    expect(parameters.toSorted((a, b) => Number(a[0]) - Number(b[0]))).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  test("a subflow has all its retries in each attempt of its parent", async () => {
    let calls = 0;
    const stubborn = flow({ name: "stubborn", retries: 1 }, async () => {
      calls += 1;
      throw new Error("no");
    });
    const parent = flow({ name: "patient", retries: 1 }, () => stubborn());

    await expect(parent()).rejects.toThrow("no");

    expect(calls).toBe(4);
  });

  test("logs and prints of a run are shipped with its ids", async () => {
    vi.stubEnv("PREFECT_LOGGING_LEVEL", "INFO");
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const chatty = flow({ name: "chatty", logPrints: true }, async () => {
      console.log("printed", 1);
      log.warn({ rows: 2 }, "logged");
    });

    await chatty();

    write.mockRestore();
    const recorded = await api.readRun("chatty");
    const logs = await api.client.logs.list({ logs: { flow_run_id: { any_: [recorded.id] } }, sort: "TIMESTAMP_ASC" });
    expect(logs.map(({ level, message }) => [level, message])).toEqual([
      [20, `Beginning flow run '${recorded.name}' for flow 'chatty'`],
      [20, "printed 1"],
      [30, "logged rows=2"],
      [20, "Finished in state Completed()"],
    ]);
  });

  test("artifacts belong to the runs they are made in", async () => {
    const measure = task({ name: "measure" }, async () => {
      const progress = await artifacts.progress({ key: "share", percent: -5 });
      await progress.update(150);
    });
    const reporting = flow({ name: "reporting" }, async () => {
      await artifacts.markdown({ key: "report", markdown: "# Done", description: "What was done" });
      await artifacts.link({ link: "https://example.org", text: "more" });
      await artifacts.table({ key: "rows", rows: [{ a: 1, b: Number.NaN }] });
      await measure();
      await expect(artifacts.image({ key: "No Good", url: "x" })).rejects.toThrow("lower-case");
    });

    await reporting();

    const run = await api.readRun("reporting");
    const [taskRun] = await api.readTaskRuns(run, 1);
    const made = await api.client.artifacts.list({
      artifacts: { flow_run_id: { any_: [run.id] } },
      sort: "CREATED_DESC",
    });
    expect(made.map(({ key, type, data, task_run_id }) => [key, type, data, task_run_id]).toReversed()).toEqual([
      ["report", "markdown", "# Done", null],
      [null, "markdown", "[more](https://example.org)", null],
      ["rows", "table", '[{"a":1,"b":null}]', null],
      ["share", "progress", 100, taskRun?.id],
    ]);
  });

  test("a paused flow goes on with what it is resumed with", async () => {
    const asking = flow({ name: "asking" }, async () => {
      const input = z.object({ ok: z.boolean() });
      const { ok } = await pauseFlowRun({ input, pollIntervalSeconds: 0.05, timeoutSeconds: 20 });
      return { ok, runCount: run.flowRun.runCount };
    });
    const ended = asking();
    const paused = await waitUntil("the pause", async () => {
      const found = await api.readRun("asking").catch(() => undefined);
      return found?.state_name === "Paused" && found;
    });

    await api.client.flowRuns.resume(paused.id, { ok: true });

    const recorded = { ok: true, runCount: 2 };
    expect(await ended).toEqual(recorded);
    expect(await api.readRun("asking")).toMatchObject({ state_name: "Completed", run_count: recorded.runCount });
  });
});
