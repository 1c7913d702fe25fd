import type { Database, Db } from "../../db/database.ts";
import { findAutomations, listEnabledAutomations } from "../../db/repositories/automations.ts";
import type { StoredAutomation } from "../../domain/automations/firing.ts";
import {
  type WatchedAutomation,
  type WatchedTrigger,
  watchedAutomation,
} from "../../domain/automations/watched-automation.ts";
import type { Logger } from "../../kit/logger.ts";
import { startLoop } from "../../kit/loop.ts";
import type { Timestamp } from "../../kit/timestamp.ts";
import { automationView } from "../views/automation.ts";

/** The reference's name: its servers on the same database are told, too. */
const CHANNEL = "prefect_automation_changes";
const RECONCILE_MS = 5_000;
const IGNORED_EVENT = "prefect.log.write";
/** Names of events remembered with whether somebody wants them. */
const MAX_NAMES = 2_000;

/** Automations that are switched on, by id. */
export type AutomationsView = ReadonlyMap<string, WatchedAutomation>;

/** What is known in this process of the automations that are switched on; others may change them at any time. */
export interface WatchedAutomations {
  /** Whether some automation could want an event of this name. */
  wants(event: { readonly event: string }): boolean;
  /** Reads what has changed, and gives all as `db` sees them. */
  refresh(db: Db): Promise<AutomationsView>;
  /** To be called after the commit of a change to an automation. */
  announce(id: string, change: "created" | "updated" | "deleted"): Promise<void>;
  /** When a proactive trigger is to be looked at again. */
  readonly nextRuns: WeakMap<WatchedTrigger, Timestamp>;
  stop(): Promise<void>;
}

interface Needs {
  readonly db: Database;
  readonly log: Logger;
}

/** Loads the automations, and keeps up with the changes of other processes. */
export async function watchAutomations({ db, log }: Needs): Promise<WatchedAutomations> {
  let view: AutomationsView = new Map();
  let wanted = new Map<string, boolean>();
  let begun = 0;
  let shown = 0;

  const refresh = async (source: Db) => {
    begun += 1;
    const turn = begun;
    const fresh = await readView(source, view);
    // What was read earlier may be older.
    if (turn > shown) {
      shown = turn;
      if (!isSame(fresh, view)) wanted = new Map();
      view = fresh;
    }
    return fresh;
  };
  const wants = ({ event }: { readonly event: string }) => {
    if (view.size === 0 || event === IGNORED_EVENT) return false;
    const known = wanted.get(event);
    if (known !== undefined) return known;
    const isWanted = someWants(view, event);
    if (wanted.size >= MAX_NAMES) wanted.clear();
    wanted.set(event, isWanted);
    return isWanted;
  };

  try {
    await refresh(db.read);
  } catch (error) {
    log.warn({ err: error }, "the automations could not be loaded; it will be tried again");
  }
  const loop = startLoop({ name: "watched-automations", intervalMs: RECONCILE_MS, log }, () => refresh(db.read));
  const ignore = db.notices.listen(CHANNEL, { onNotice: () => loop.wake(), onGap: () => loop.wake() });
  return {
    wants,
    refresh,
    nextRuns: new WeakMap(),
    async announce(automation_id, event_type) {
      await refresh(db.read);
      await db.notices.send(CHANNEL, [JSON.stringify({ automation_id, event_type })]);
    },
    async stop() {
      ignore();
      await loop.stop();
    },
  };
}

async function readView(db: Db, known: AutomationsView): Promise<AutomationsView> {
  const enabled = await listEnabledAutomations(db);
  const stale = enabled.filter(({ id, updated }) => known.get(id)?.stored.updated !== updated);
  const rows = await findAutomations(
    db,
    stale.map(({ id }) => id),
  );
  const fresh = new Map(rows.map((row) => [row.id, watchedAutomation(automationView(row) as StoredAutomation)]));
  return new Map(
    enabled.flatMap(({ id }) => {
      const automation = fresh.get(id) ?? known.get(id);
      return automation ? [[id, automation]] : [];
    }),
  );
}

function isSame(a: AutomationsView, b: AutomationsView): boolean {
  return a.size === b.size && [...a].every(([id, automation]) => b.get(id) === automation);
}

function someWants(view: AutomationsView, name: string): boolean {
  for (const { eventTriggers } of view.values()) {
    if (eventTriggers.some(({ criteria }) => criteria.wantsName(name))) return true;
  }
  return false;
}
