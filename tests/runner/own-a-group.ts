// A process that owns a guarded group, and says which: the test kills it. The group says how often it is told to end.
import { spawn } from "node:child_process";
import { guardGroup } from "../../src/runner/process-group.ts";

const mark = `OWNED=${process.pid}`;
const script = "trap 'echo told' TERM; echo trapped; sleep 300 & while ! wait; do :; done; exec sleep 0.2";
const child = spawn("/bin/sh", ["-c", script], {
  detached: true,
  stdio: ["ignore", "inherit", "ignore"],
  env: { PATH: process.env.PATH, OWNED: String(process.pid) },
});
guardGroup({ id: child.pid as number, mark }, 5_000);
process.stdout.write(`${child.pid}\n`);
