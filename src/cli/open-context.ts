import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { resolveSettings, type SettingsInputs } from "../settings/index.ts";
import type { ApiConnection } from "./connect.ts";
import type { Context } from "./context.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { createOutput } from "./output.ts";
import { ask, confirm } from "./questions.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Loads the settings and gives a command what it needs; disposing closes what was opened. */
export async function openContext(session: Omit<GlobalFlags, "rest">): Promise<Context & AsyncDisposable> {
  const inputs: SettingsInputs = { env: process.env, cwd: process.cwd(), homeDir: homedir(), profile: session.profile };
  const resolved = resolveSettings(inputs);
  const { settings } = resolved;
  const out = createOutput({ stdout: process.stdout, stderr: process.stderr, hasColors: settings.cli.colors });
  for (const warning of resolved.warnings) out.warn(warning);
  createHome(settings.home, out.warn);
  const signals = handleSignals();
  let connecting: Promise<ApiConnection> | undefined;
  return {
    out,
    settings,
    resolved,
    inputs,
    isInteractive: session.prompt ?? settings.cli.prompt ?? process.stdout.isTTY === true,
    interruption: signals.interruption,
    leaveSignals: signals.ignore,
    ask,
    confirm,
    async client() {
      connecting ??= import("./connect.ts").then(({ connect }) => connect(settings, inputs.cwd));
      return (await connecting).client;
    },
    async [Symbol.asyncDispose]() {
      const connection = await connecting?.catch(() => undefined);
      await connection?.[Symbol.asyncDispose]();
    },
  };
}

function createHome(home: string, warn: (text: string) => void): void {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
  } catch (error) {
    warn(`The home directory ${home} cannot be created: ${(error as Error).message}`);
  }
}

interface Signals {
  interruption(): AbortSignal;
  ignore(): void;
}

/** Until a command asks for the interruption, the first Ctrl-C ends the process with exit code 1. */
function handleSignals(): Signals {
  const controller = new AbortController();
  let isAwaited = false;
  const onSignal = () => {
    if (!isAwaited || controller.signal.aborted) process.exit(1);
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    interruption() {
      isAwaited = true;
      return controller.signal;
    },
    ignore() {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
