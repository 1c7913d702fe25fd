// A process that owns a guarded group, and says which: the test kills it.
import { spawn } from "node:child_process";
import { guardGroup } from "../../src/runner/process-group.ts";

const child = spawn("/bin/sh", ["-c", "sleep 300 & sleep 300"], { detached: true, stdio: "ignore" });
guardGroup({ id: child.pid as number, mark: "OWNED=1" }, 1_000);
process.stdout.write(`${child.pid}\n`);
