import { CLIENT_VERSION } from "../../client/links/headers.ts";
import { clock, ids } from "../now.ts";
import type { FlowRunScope } from "../runtime/scope.ts";
import type { Session } from "../session/session.ts";

const MIN_SECONDS = 30;

/** Tells the API at once, and then from time to time, that the run is alive; until disposed. */
export function startHeartbeat(session: Session, flowRun: FlowRunScope): Disposable {
  const seconds = session.settings.flows.heartbeat_frequency;
  if (seconds === null) return { [Symbol.dispose]: () => undefined };
  const beat = () => emitHeartbeat(session, flowRun);
  beat();
  const timer = setInterval(beat, Math.max(MIN_SECONDS, seconds) * 1000).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function emitHeartbeat(session: Session, { run, related }: FlowRunScope): void {
  session.events.emit({
    id: ids.next(),
    occurred: clock.now(),
    event: "prefect.flow-run.heartbeat",
    resource: {
      "prefect.resource.id": `prefect.flow-run.${run.id}`,
      "prefect.resource.name": run.name,
      "prefect.version": CLIENT_VERSION,
      // A server may take no notice of an attempt that another has replaced.
      "prefect.run-count": String(run.run_count),
    },
    related,
    payload: {},
    follows: null,
  });
}
