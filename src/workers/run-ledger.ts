import { mkdirSync, readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Logger } from "../kit/logger.ts";
import { isRecord } from "../kit/schema/schema.ts";

/** The runs this process carries out, noted in a file, so that they are known when it has been killed. */
export interface RunLedger extends Disposable {
  /** Notes a run until disposed. */
  note(flowRunId: string): Disposable;
}

/** Whose runs are noted; only those of the same API are found again. */
export interface LedgerOwner {
  readonly folder: string;
  readonly apiUrl: string;
  readonly pid: number;
}

interface Page {
  readonly apiUrl: string;
  /** Where the number of the process means something. */
  readonly machine: string;
  readonly pid: number;
  /** When the process started, as the system counts; another process with the number has another. */
  readonly started: string;
  readonly runs: readonly string[];
}

/** Starts a file of this process in the folder. One that cannot be written is told of, and done without. */
export function openLedger({ folder, apiUrl, pid }: LedgerOwner, log: Logger): RunLedger {
  const runs = new Set<string>();
  const path = join(folder, `${pid}.json`);
  const owner = { apiUrl, machine: thisMachine(), pid, started: startOf(pid) };
  let isWritable = true;
  const write = () => {
    if (!isWritable) return;
    try {
      mkdirSync(folder, { recursive: true });
      // Never half a file, however this ends.
      writeFileSync(`${path}.new`, JSON.stringify({ ...owner, runs: [...runs] } satisfies Page));
      renameSync(`${path}.new`, path);
    } catch (error) {
      isWritable = false;
      log.warn(
        { err: error, folder },
        "The worker cannot note its runs: should it be killed, they are not found again",
      );
    }
  };
  return {
    note(flowRunId) {
      runs.add(flowRunId);
      write();
      return {
        [Symbol.dispose]() {
          runs.delete(flowRunId);
          write();
        },
      };
    },
    [Symbol.dispose]: () => rmSync(path, { force: true }),
  };
}

/** The runs of processes that have died over them. Each is given once, whoever asks. */
export function takeAbandonedRuns({ folder, apiUrl, pid }: LedgerOwner): readonly string[] {
  const names = listFolder(folder).filter((name) => name.endsWith(".json"));
  return names.flatMap((name) => {
    const page = readPage(join(folder, name));
    if (page?.apiUrl !== apiUrl || page.machine !== thisMachine() || page.started === startOf(page.pid)) return [];
    const mine = join(folder, `${name}.${pid}`);
    try {
      renameSync(join(folder, name), mine);
    } catch {
      // Another worker has started just now.
      return [];
    }
    rmSync(mine, { force: true });
    return page.runs;
  });
}

/** A machine, or a container: whose processes have numbers of their own. */
function thisMachine(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return hostname();
  }
}

function listFolder(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readPage(path: string): Page | undefined {
  try {
    const page: unknown = JSON.parse(readFileSync(path, "utf8"));
    return isRecord(page) && Array.isArray(page.runs) ? (page as unknown as Page) : undefined;
  } catch {
    return undefined;
  }
}

/** Empty for a process that is not there. */
function startOf(pid: number): string {
  try {
    // The 22nd field; the second one, a name in parentheses, may have blanks.
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[19] ?? "";
  } catch {
    return isThere(pid) ? "unknown" : "";
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
