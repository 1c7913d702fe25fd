// node check-server.ts <prefect>: starts that server on a free port, waits until it is healthy, and stops it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

async function checkServer(prefect: string): Promise<void> {
  const port = await freePort();
  const server = spawn(prefect, ["server", "start", "--host", "127.0.0.1", "--port", port], { stdio: "inherit" });
  const gone = once(server, "exit");
  const deadline = AbortSignal.timeout(60_000);
  try {
    while (!(await isHealthy(port, deadline))) {
      if (server.exitCode !== null || deadline.aborted) throw new Error("The server does not become healthy.");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } finally {
    server.kill("SIGTERM");
  }
  const [code] = await gone;
  if (code !== 0) throw new Error(`The server ended with ${code}.`);
}

async function isHealthy(port: string, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`, { signal });
    return answer.ok && (await answer.json()) === true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<string> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === "string") throw new Error("The system gave no port.");
  return String(address.port);
}

if (import.meta.main) await checkServer(process.argv[2] ?? "prefect");
