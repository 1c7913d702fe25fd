"""Calls every public method of both clients of this release and prints what came of it, as one line of JSON.

{"calls": [{"client", "method", "refused", "value" | "error"}], "uncalled": ["client.method", ...]}
"""

import asyncio
import inspect
import json
import os
from datetime import timedelta


import httpx
from calls import REFUSED, calls
from prefect.client.orchestration import PrefectClient, SyncPrefectClient, get_client
from pydantic import BaseModel


class Kept:
    """What calls have answered, and names that the other client's calls do not use."""

    def __init__(self, kind: str):
        self._kind = kind
        self.api_url = os.environ["PREFECT_API_URL"]
        self.template = {
            "job_configuration": {"env": "{{ env }}"},
            "variables": {"type": "object", "properties": {"env": {"type": "object"}}},
        }

    def name(self, name: str) -> str:
        return f"{name}-{self._kind}1"

    key = name

    def word(self, name: str) -> str:
        return f"{name}_{self._kind}"

    def only(self, listing, field, value):
        """Of a list that also holds what the server brings along: those with that value."""

        return then(listing, lambda items: [item for item in items if getattr(item, field) == value])

    def kinds(self, metadata):
        """Which kinds of workers there are: how they are described is in each server's own words."""
        return then(metadata, lambda packages: {package: sorted(kinds) for package, kinds in packages.items()})


def then(answer, change):
    """What `change` makes of an answer, be it there or still awaited."""

    async def later():
        return change(await answer)

    return later() if inspect.isawaitable(answer) else change(answer)


def plain(value):
    if isinstance(value, BaseModel):
        return {"class": type(value).__name__, **{name: plain(field) for name, field in value}}
    if isinstance(value, httpx.Response):
        return {"class": "Response", "status": value.status_code, "text": value.text and json.loads(value.text)}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, BaseException):
        return {"class": type(value).__name__, "text": str(value)}
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


async def run(kind: str, client) -> list:
    kept, outcomes = Kept(kind), []
    for method, call, note in calls(client, kept):
        if not hasattr(type(client), method):
            continue
        outcome = {"client": kind, "method": method, "refused": note == REFUSED}
        try:
            value = call()
            if inspect.isawaitable(value):
                value = await value
            if note and note != REFUSED:
                setattr(kept, note, value)
            outcome["value"] = plain(value)
        except Exception as error:
            outcome["error"] = plain(error)
        outcomes.append(outcome)
    return outcomes


def public_methods(client_class) -> set:
    return {name for name, _ in inspect.getmembers(client_class, callable) if not name.startswith("_")}


async def main():
    async with get_client() as client:
        outcomes = await run("async", client)
    with get_client(sync_client=True) as client:
        outcomes += await asyncio.to_thread(lambda: asyncio.run(run("sync", client)))
    called = {f"{outcome['client']}.{outcome['method']}" for outcome in outcomes}
    known = {f"async.{name}" for name in public_methods(PrefectClient)}
    known |= {f"sync.{name}" for name in public_methods(SyncPrefectClient)}
    print(json.dumps({"calls": outcomes, "uncalled": sorted(known - called)}))


asyncio.run(main())
