import { expect, test, vi } from "vitest";
import { openLogger } from "../../src/cli/logger.ts";

test("on a terminal a log is a line, and logs below the level are dropped", async () => {
  const written: string[] = [];
  const terminal = vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const isTerminal = process.stderr.isTTY;
  process.stderr.isTTY = true;
  try {
    const log = await openLogger("prefect.server", "WARNING");
    log.child({ route: "/a" }).warn({ ms: 3 }, "slow");
    log.info({}, "unseen");
  } finally {
    process.stderr.isTTY = isTerminal;
    terminal.mockRestore();
  }

  expect(written).toHaveLength(1);
  expect(written[0]).toMatch(/^\d\d:\d\d:\d\d \| WARNING \| prefect\.server - slow route=\/a ms=3\n$/);
});
