import { expect, test, vi } from "vitest";
import { createLogShipper, type LogShipperOptions } from "../../src/client/log-shipper.ts";
import type { LogCreate } from "../../src/schemas/log.ts";

const record = (message: string): LogCreate => ({
  name: "prefect.flow_runs",
  level: 20,
  message,
  timestamp: "2030-01-01T00:00:00Z",
  flow_run_id: "f",
  task_run_id: null,
});

function collecting(options: Partial<LogShipperOptions> = {}) {
  const batches: string[][] = [];
  const send = async (records: readonly LogCreate[]) => void batches.push(records.map((sent) => sent.message));
  const limits = { intervalMs: 60_000, maxBatchBytes: 10_000, maxLogBytes: 1_000 };
  return { batches, shipper: createLogShipper({ send, onError: () => undefined, ...limits, ...options }) };
}

test("logs wait for the interval and leave as one batch", async () => {
  vi.useFakeTimers();
  const { batches, shipper } = collecting({ intervalMs: 2000 });

  shipper.add(record("a"));
  shipper.add(record("b"));
  const early = [...batches];
  await vi.advanceTimersByTimeAsync(2000);

  vi.useRealTimers();
  expect([early, batches]).toEqual([[], [["a", "b"]]]);
});

test("a batch that has grown large leaves at once", async () => {
  const { batches, shipper } = collecting({ maxBatchBytes: 500 });

  for (const message of ["a", "b", "c"]) shipper.add(record(message));
  await shipper.flush();

  expect(batches).toEqual([["a", "b", "c"]]);
});

test("a message that is too long is cut and says so", async () => {
  const { batches, shipper } = collecting({ maxLogBytes: 40 });

  shipper.add(record("x".repeat(100)));
  await shipper.flush();

  expect(batches[0]?.[0]).toMatch(/^x{20,26}\.\.\. \[truncated\]$/);
});

test("a batch that cannot be sent is reported and does not stop the next", async () => {
  const errors: unknown[] = [];
  const send = vi.fn().mockRejectedValueOnce(new Error("down")).mockResolvedValue(undefined);
  const { shipper } = collecting({ send, onError: (error) => errors.push(error) });

  shipper.add(record("a"));
  await shipper.flush();
  shipper.add(record("b"));
  await shipper.flush();

  expect(errors).toEqual([new Error("down")]);
  expect(send).toHaveBeenCalledTimes(2);
});
