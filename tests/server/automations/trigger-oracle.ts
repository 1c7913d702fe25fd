import { createHash } from "node:crypto";
import { cached, runPython } from "../../support/python.ts";

/** At `at` seconds an event occurred, or (without `event`) the proactive triggers are looked at. */
export interface Step {
  readonly at: number;
  readonly event?: { readonly name: string; readonly resource: string; readonly id: string; readonly occurred: number };
}

export interface Scenario {
  readonly triggers: readonly object[];
  readonly steps: readonly Step[];
}

/** A firing of the automation at a place in `triggers`, while a step was made. */
export interface SeenFiring {
  readonly step: number;
  readonly automation: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly event: string | null;
}

export const SCENARIO_START = "2030-01-01T00:00:00Z";

// Lets the reference's own evaluation run over a database of its own, with the clock set and the acts written down.
const CODE = `
import asyncio, datetime, json, sys, uuid
from prefect.server.database import provide_database_interface
from prefect.server.events import triggers
from prefect.server.events.models import automations as models
from prefect.server.events.schemas.automations import Automation, EventTrigger, Posture
from prefect.server.events.schemas.events import ReceivedEvent
from prefect.server.events.ordering import get_triggers_causal_ordering
import prefect.types._datetime as clock
START = datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
moment, step, fired, ticks, numbers = START, 0, [], 0, {}
def now(tz="UTC"):
    global ticks
    ticks += 1
    return clock.create_datetime_instance(moment + datetime.timedelta(microseconds=ticks))
async def act(firing):
    event = firing.triggering_event
    fired.append({"step": step, "automation": numbers[firing.trigger.automation.id], "labels": firing.triggering_labels, "event": str(event.id) if event else None})
async def nothing(*args, **kwargs): return 0.0
async def main():
    global moment, step, ticks
    scenario = json.loads(sys.argv[1])
    await provide_database_interface().create_db()
    models.emit_automation_created_event = nothing
    triggers.act, triggers.get_events_clock_offset = act, nothing
    # Goes by when rows were written, which the clock here does not say.
    triggers.automation_held_events.sweep_held_events = nothing
    for number, trigger in enumerate(scenario["triggers"]):
        async with models.automations_session(begin_transaction=True) as session:
            made = await models.create_automation(session=session, automation=Automation(name="a", trigger=trigger, actions=[{"type": "do-nothing"}]))
            numbers[made.id] = number
    clock.now = now
    await triggers.reconcile_automations(force=True)
    for step, what in enumerate(scenario["steps"]):
        moment, ticks = START + datetime.timedelta(seconds=what["at"]), 0
        if "event" in what:
            event = what["event"]
            occurred = START + datetime.timedelta(seconds=event["occurred"])
            seen = ReceivedEvent(id=uuid.UUID(event["id"]), occurred=occurred, received=moment, event=event["name"], resource={"prefect.resource.id": event["resource"]})
            if not await get_triggers_causal_ordering().event_has_been_seen(seen.id):
                await triggers.reactive_evaluation(seen)
        else:
            await triggers.evaluate_proactive_triggers()
            await triggers.periodic_evaluation(now())
    print(json.dumps(fired))
asyncio.run(main())
`;

/** What the reference's evaluation makes of a scenario. */
export async function referenceFirings(scenario: Scenario): Promise<readonly SeenFiring[]> {
  const input = JSON.stringify(scenario);
  const key = createHash("sha256").update(CODE).update(input).digest("hex").slice(0, 16);
  const answer = await cached(`triggers-${key}.json`, () => runPython("3.9.1", CODE, { args: [input] }));
  return JSON.parse(answer) as readonly SeenFiring[];
}
