// A process that owns a guarded group, and says which: the test kills it.
import { spawn } from "node:child_process";
import { guardGroup } from "../../src/runner/process-group.ts";

const child = spawn("/bin/sh", ["-c", "sleep 300 & sleep 300"], { detached: true, stdio: "ignore" });
guardGroup(child.pid as number, 1_000);
process.stdout.write(`${child.pid}\n`);
