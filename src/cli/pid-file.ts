import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the process of a server in the background is noted. */
export function serverPidFile(home: string): string {
  return join(home, "server.pid");
}

/** Where the process of services in the background is noted. */
export function servicesPidFile(home: string): string {
  return join(home, "services.pid");
}

/** Makes the file, empty; false when it is there already. */
export function claimPidFile(path: string): boolean {
  try {
    writeFileSync(path, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

export function writePidFile(path: string, pid: number): void {
  writeFileSync(path, String(pid));
}

/** The process noted in the file; undefined without a file, 0 when the file names none. */
export function findPid(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : 0;
  } catch {
    return undefined;
  }
}

export function removePidFile(path: string): void {
  rmSync(path, { force: true });
}

/** Whether a process with this number runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
