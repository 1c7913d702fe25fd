import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Logger, silentLogger } from "../../src/kit/logger.ts";
import { openLedger, takeAbandonedRuns } from "../../src/workers/run-ledger.ts";
import { stopProcess, type TemporaryFolder, temporaryFolder } from "../support/disposable.ts";

const apiUrl = "http://here/api";
let home: TemporaryFolder;
let other: ChildProcess;
let of: (pid?: number) => { readonly folder: string; readonly apiUrl: string; readonly pid: number };
beforeEach(async () => {
  home = await temporaryFolder();
  other = spawn("sleep", ["300"]);
  await once(other, "spawn");
  of = (pid = process.pid) => ({ folder: join(home.path, "workers"), apiUrl, pid });
});
afterEach(async () => {
  await stopProcess(other, "SIGKILL");
  await home[Symbol.asyncDispose]();
});

test("the runs of a process that lives are its own", () => {
  openLedger(of(other.pid), silentLogger).note("a");

  expect(takeAbandonedRuns(of())).toEqual([]);
});

test("the runs a process had when it died are found, once", async () => {
  const ledger = openLedger(of(other.pid), silentLogger);
  ledger.note("a");
  ledger.note("b")[Symbol.dispose]();
  ledger.note("c");
  await stopProcess(other, "SIGKILL");

  expect(takeAbandonedRuns(of())).toEqual(["a", "c"]);
  expect(takeAbandonedRuns(of())).toEqual([]);
});

test("runs of another API are left alone", async () => {
  openLedger({ ...of(other.pid), apiUrl: "http://there/api" }, silentLogger).note("a");
  await stopProcess(other, "SIGKILL");

  expect(takeAbandonedRuns(of())).toEqual([]);
});

test("a process that ends by itself leaves nothing", async () => {
  const ledger = openLedger(of(), silentLogger);
  ledger.note("a");

  ledger[Symbol.dispose]();

  expect(await readdir(of().folder)).toEqual([]);
});

test("files that are none are passed over", async () => {
  openLedger(of(), silentLogger).note("a");
  await writeFile(join(of().folder, "9.json"), "{");

  expect(takeAbandonedRuns(of())).toEqual([]);
});

test("where nothing can be written the worker works, and says so once", async () => {
  const said: string[] = [];
  const log: Logger = { ...silentLogger, warn: (_, message) => void said.push(message) };
  await writeFile(join(home.path, "workers"), "no folder");

  const ledger = openLedger(of(), log);
  ledger.note("a");
  ledger.note("b");

  expect(said).toHaveLength(1);
});
