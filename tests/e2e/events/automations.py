"""Makes automations with the SDK, fires them with events of its own, and prints what it was told of that as JSON."""

import asyncio
import json

from prefect.automations import Automation, CompoundTrigger, DoNothing, EventTrigger, Posture, SequenceTrigger
from prefect.events import emit_event
from prefect.events.clients import get_events_subscriber
from prefect.events.filters import EventFilter, EventNameFilter

SECONDS = 40


def on(name):
    return EventTrigger(expect=[name], posture=Posture.Reactive, threshold=1)


def make(name, trigger):
    return Automation(name=name, trigger=trigger, actions=[DoNothing()]).create()


def lifecycle():
    made = make("short-lived", on("never"))
    made.name = "renamed"
    made.trigger.threshold = 3
    made.update()
    made.disable()
    read = Automation.read(id=made.id)
    by_name = Automation.read(name="renamed")
    read.delete()
    try:
        gone = Automation.read(id=made.id) is None
    except ValueError:
        gone = True
    return {
        "same": made.id == read.id == by_name.id,
        "read": [read.name, read.enabled, read.trigger.threshold, read.actions[0].type],
        "gone": gone,
    }


def emit(name):
    resource = {"prefect.resource.id": "e2e.thing", "prefect.resource.name": "Thing"}
    related = [{"prefect.resource.id": "e2e.friend", "prefect.resource.role": "friend"}]
    return emit_event(event=name, resource=resource, related=related, payload={"of": name})


async def fire(automations):
    """Until all automations have fired: [name of event, id of resource, role of what it is related to]."""
    wanted = EventFilter(event=EventNameFilter(name=["e2e.one", "e2e.two", "prefect.automation.triggered"]))
    told = []
    async with get_events_subscriber(filter=wanted) as subscriber:
        emit("e2e.one")
        emit("e2e.two")
        async for event in subscriber:
            told.append([event.event, event.resource.name, event.payload.get("of")])
            if sum(name == "prefect.automation.triggered" for name, *_ in told) == len(automations):
                return told


def main():
    ended = lifecycle()
    both = [on("e2e.one"), on("e2e.two")]
    automations = [
        make("single", on("e2e.one")),
        make("compound", CompoundTrigger(triggers=both, require="all", within=60)),
        make("sequence", SequenceTrigger(triggers=both, within=60)),
        # The events come in the other order.
        make("reversed", SequenceTrigger(triggers=both[::-1], within=60)),
    ]
    told = asyncio.run(asyncio.wait_for(fire(automations[:3]), SECONDS))
    for automation in automations:
        automation.delete()
    print(json.dumps({"lifecycle": ended, "told": sorted(told, key=str)}))


main()
