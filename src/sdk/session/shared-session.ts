import type { Settings } from "../../settings/index.ts";
import { startEphemeralApi } from "../ephemeral-api.ts";
import { currentSettings } from "./sdk-settings.ts";
import { openSession, type Session } from "./session.ts";
import { stderrLogger } from "./stderr-logger.ts";

interface SharedSession {
  /** The settings it was opened with, as text. */
  readonly key: string;
  readonly opening: Promise<Session>;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

/** A session for as long as it is needed. */
export interface SessionLease extends AsyncDisposable {
  readonly session: Session;
}

// Long enough for `await one(); await two();` to share a connection, short enough for a script to end at once.
const LINGER_MS = 20;

// The one state a process shares: its connection to the API. It exists only while runs hold it.
let shared: SharedSession | undefined;

/** The process's session, opened when no run holds one yet. What the runs said is delivered when the lease ends. */
export async function leaseSession(): Promise<SessionLease> {
  const settings = currentSettings();
  const held = hold(settings);
  try {
    const session = await held.opening;
    return { session, [Symbol.asyncDispose]: () => release(held, session) };
  } catch (error) {
    forget(held);
    throw error;
  }
}

function hold(settings: Settings): SharedSession {
  const { api, client, flows, logging, tasks } = settings;
  const key = JSON.stringify({ api, client, flows, logging, tasks });
  if (shared?.key !== key) shared = undefined;
  shared ??= { key, opening: open(settings), users: 0, closing: undefined };
  clearTimeout(shared.closing);
  shared.users += 1;
  return shared;
}

async function release(held: SharedSession, session: Session): Promise<void> {
  await session.flush();
  held.users -= 1;
  if (held.users > 0) return;
  held.closing = setTimeout(() => {
    forget(held);
    close(session).catch((error: unknown) => stderrLogger.warn({ err: error }, "The connection did not close cleanly"));
  }, LINGER_MS);
}

async function close(session: Session): Promise<void> {
  await session[Symbol.asyncDispose]();
}

function forget(held: SharedSession): void {
  if (shared === held) shared = undefined;
}

async function open(settings: Settings): Promise<Session> {
  if (settings.api.url !== null) return openSession({ settings, apiUrl: settings.api.url, log: stderrLogger });
  const server = await startEphemeralApi(settings);
  const session = openSession({ settings, apiUrl: server.apiUrl, log: stderrLogger });
  return {
    ...session,
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
