import { spawn } from "node:child_process";
import { flow, log, sleep } from "prefect";

export const quick = flow({ name: "typescript-quick" }, async (n: number = 1) => {
  log.info(`the environment says ${process.env.SAID}`);
  return 2 * n;
});

export const slow = flow({ name: "typescript-slow" }, async (mark: string) => {
  // Processes below a process, one of them in a session of its own, which nobody waits for.
  spawn("sh", ["-c", `sleep ${mark} & setsid sleep ${mark}`], { stdio: "ignore" });
  await sleep(300);
});
