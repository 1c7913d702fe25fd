"""Plays transitions through the reference's orchestration: reads cases (JSON list) from the file named, prints answers."""

import asyncio
import json
import logging
import re
import sys
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

from packaging.version import Version

logging.disable(logging.CRITICAL)

import random  # noqa: E402

from prefect.server import models, schemas  # noqa: E402
from prefect.server.concurrency.lease_storage import (  # noqa: E402
    ConcurrencyLeaseHolder,
    ConcurrencyLimitLeaseMetadata,
    get_concurrency_lease_storage,
)
from prefect.server.database import provide_database_interface  # noqa: E402
from prefect.server.orchestration import core_policy, instrumentation_policies  # noqa: E402
from prefect.server.schemas import states  # noqa: E402
from prefect.server.task_queue import TaskQueue  # noqa: E402
from prefect.types._datetime import now  # noqa: E402

FLOW_POLICIES = {
    "core": core_policy.CoreFlowPolicy,
    "minimal": core_policy.MinimalFlowPolicy,
    "late": core_policy.MarkLateRunsPolicy,
}
TASK_POLICIES = {
    "core": core_policy.CoreTaskPolicy,
    "client-side": core_policy.ClientSideTaskOrchestrationPolicy,
    "minimal": core_policy.MinimalTaskPolicy,
}
EVENTS = []
NAMES = {}
db = provide_database_interface()
random.uniform = lambda low, high: low + (high - low) * 0.5


class NoEvents:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def emit(self, event):
        EVENTS.append(event.event)


instrumentation_policies.PrefectServerEventsClient = NoEvents


class OneSession:
    """Gives rules that open a session of their own a savepoint of the case's session: SQLite has one writer."""

    current = None

    @asynccontextmanager
    async def session_context(self, **_):
        savepoint = await self.current.begin_nested()
        yield SimpleNamespace(execute=self.current.execute, rollback=savepoint.rollback)
        if savepoint.is_active:
            await savepoint.commit()


core_policy.provide_database_interface = OneSession


def named(name):
    """A uuid for a name of the case, the same each time it is used in the case."""
    if name is None:
        return None
    return NAMES.setdefault(name, uuid4())


def moment(seconds, base):
    return None if seconds is None else base + timedelta(seconds=seconds)


def offset(value, base):
    """Seconds from the base, in tens: fine enough for the cases, coarse enough for a slow machine."""
    return None if value is None else round((value - base).total_seconds() / 10) * 10


IDS = ("flow_run_id", "task_run_id", "child_flow_run_id", "transition_id", "task_parameters_id", "deployment_concurrency_lease_id")
TIMES = ("scheduled_time", "cache_expiration", "pause_timeout")


def details_in(details, base):
    result = dict(details or {})
    for key in result:
        if key in IDS:
            result[key] = named(result[key])
        if key in TIMES:
            result[key] = moment(result[key], base)
    return result


def name_of(uuid):
    if uuid is None:
        return None
    return next((name for name, known in NAMES.items() if known == UUID(str(uuid))), "new")


def state_out(state, base):
    if state is None:
        return None
    details = state.state_details.model_dump()
    for key in IDS:
        details[key] = name_of(details[key])
    for key in TIMES:
        details[key] = offset(details[key], base)
    return {
        "id": name_of(state.id),
        "type": state.type.value,
        "name": state.name,
        "message": state.message,
        "data": state.data,
        "timestamp": offset(state.timestamp, base),
        "state_details": details,
    }


def run_out(run, base):
    policy = run.empirical_policy.model_dump(mode="json")
    if "pause_keys" in policy:
        policy["pause_keys"] = sorted(key if len(key) < 36 else "new" for key in policy["pause_keys"])
    result = {
        "run_count": run.run_count,
        "state_type": run.state_type.value if run.state_type else None,
        "state_name": run.state_name,
        "state_timestamp": offset(run.state_timestamp, base),
        "start_time": offset(run.start_time, base),
        "end_time": offset(run.end_time, base),
        "expected_start_time": offset(run.expected_start_time, base),
        "next_scheduled_start_time": offset(run.next_scheduled_start_time, base),
        "total_run_time": round(run.total_run_time.total_seconds() / 10) * 10,
        "empirical_policy": policy,
    }
    if hasattr(run, "flow_run_run_count"):
        result["flow_run_run_count"] = run.flow_run_run_count
    return result


async def give_state(session, run, kind, fields, base, state_id="current"):
    """Puts a run into a state entered a hundred seconds ago, past all rules."""
    if fields is None:
        return
    state = states.State(
        id=named(state_id),
        timestamp=moment(-100, base),
        type=fields["type"],
        name=fields.get("name"),
        message=fields.get("message"),
        state_details=details_in(fields.get("state_details"), base),
    )
    payload = state.model_dump_for_orm()
    payload.pop("data", None)
    if fields.get("data") is not None:
        artifact = schemas.core.Artifact.from_result(fields["data"])
        await models.artifacts.create_artifact(session, artifact)
        payload["result_artifact_id"] = artifact.id
    table = db.FlowRunState if kind == "flow" else db.TaskRunState
    row = table(**{f"{kind}_run_id": run.id}, **payload)
    session.add(row)
    run.set_state(row)
    run.state_type, run.state_name, run.state_timestamp = state.type, state.name, state.timestamp
    await session.flush()


async def forget(session):
    """Makes the session read again what it was told to store."""
    await session.flush()
    session.expunge_all()


async def reread(session, *rows):
    return [row and await session.get(type(row), row.id, populate_existing=True) for row in rows]


async def add_limit(session, name, fields):
    limit = db.ConcurrencyLimitV2(name=name, **fields)
    session.add(limit)
    await session.flush()
    return limit


def lease_metadata(slots=1, holder=None):
    return ConcurrencyLimitLeaseMetadata(slots=slots, holder=holder)


def common_columns(case, base):
    fields = dict(case["run"])
    for key in ("start_time", "end_time", "expected_start_time", "next_scheduled_start_time"):
        fields[key] = moment(fields.get(key), base)
    fields["total_run_time"] = timedelta(seconds=fields.get("total_run_time") or 0)
    return fields


async def play_flow(session, case, base):
    flow = await models.flows.create_flow(session, schemas.core.Flow(name=str(uuid4())))
    fields = common_columns(case, base)
    storage = get_concurrency_lease_storage()
    limit = None
    if case.get("deployment"):
        given = case["deployment"]
        limit = await add_limit(session, str(uuid4()), given["concurrency_limit"]) if given["concurrency_limit"] else None
        deployment = db.Deployment(name=str(uuid4()), flow_id=flow.id, concurrency_limit_id=limit.id if limit else None)
        options = given["concurrency_options"]
        deployment.concurrency_options = options and schemas.core.ConcurrencyOptions(**options)
        session.add(deployment)
        await session.flush()
        fields["deployment_id"] = deployment.id
    parent = None
    if case.get("isSubflow"):
        parent = db.TaskRun(id=named("parent"), task_key="parent", dynamic_key=str(uuid4()))
        session.add(parent)
        await session.flush()
        fields["parent_task_run_id"] = parent.id
    if case.get("lease") and limit:
        lease = await storage.create_lease([limit.id], timedelta(seconds=300), lease_metadata())
        NAMES["lease"] = lease.id
    fields["empirical_policy"] = schemas.core.FlowRunPolicy(**fields.get("empirical_policy", {}))
    run = db.FlowRun(id=named("run"), flow_id=flow.id, **fields)
    session.add(run)
    await session.flush()
    await give_state(session, run, "flow", case["from"], base)
    for key in case.get("inputs", []):
        await models.flow_run_input.create_flow_run_input(
            session, schemas.core.FlowRunInput(flow_run_id=run.id, key=key, value="x")
        )
    await forget(session)

    result = await models.flow_runs.set_flow_run_state(
        session,
        run.id,
        proposed(case, base),
        flow_policy=FLOW_POLICIES[case["policy"]],
        orchestration_parameters={"api-version": api_version(case)},
        client_version=case["client"].get("version"),
    )
    await session.flush()
    run, limit, parent = await reread(session, run, limit, parent)
    leases = [] if limit is None else [held for held in storage.leases.values() if limit.id in held.resource_ids]
    left = await models.flow_run_input.filter_flow_run_input(session, run.id, prefix="", limit=100, exclude_keys=[])
    answer = {
        "inputs": sorted(item.key for item in left),
        "active_slots": limit.active_slots if limit else None,
        "leases": sorted(name_of(held.id) for held in leases),
    }
    if parent:
        parent_state = await session.get(db.TaskRunState, parent.state_id) if parent.state_id else None
        answer["parent"] = parent_state and [parent_state.type.value, parent_state.name, name_of(parent_state.state_details.child_flow_run_id)]
    return result, run, answer


async def play_task(session, case, base):
    fields = common_columns(case, base)
    storage = get_concurrency_lease_storage()
    if case.get("flowRun"):
        flow = await models.flows.create_flow(session, schemas.core.Flow(name=str(uuid4())))
        enclosing = db.FlowRun(id=named("enclosing"), flow_id=flow.id, run_count=case["flowRun"]["run_count"])
        session.add(enclosing)
        await session.flush()
        await give_state(session, enclosing, "flow", case["flowRun"]["state"], base, "enclosing-state")
        fields["flow_run_id"] = enclosing.id
    tags = {tag: f"{tag}-{uuid4()}" for tag in case["run"].get("tags", [])}
    fields["tags"] = list(tags.values())
    limits = {tag: await add_limit(session, f"tag:{tags[tag]}", given) for tag, given in case["limits"].items() if tag in tags}
    legacy = {}
    for tag, given in case["legacy"].items():
        if tag not in tags:
            continue
        legacy[tag] = db.ConcurrencyLimit(
            tag=tags[tag],
            concurrency_limit=given["concurrency_limit"],
            active_slots=[str(named(holder)) for holder in given["active_slots"]],
        )
        session.add(legacy[tag])
    await session.flush()
    for tag in case.get("holds", []):
        holder = ConcurrencyLeaseHolder(type="task_run", id=named("run"))
        await storage.create_lease([limits[tag].id], timedelta(seconds=300), lease_metadata(holder=holder))
    if case.get("cached"):
        source = db.TaskRun(id=uuid4(), task_key="source", dynamic_key=str(uuid4()))
        session.add(source)
        await session.flush()
        await give_state(session, source, "task", case["cached"], base, "cached-state")
        key = f"{case['to']['state_details']['cache_key']}"
        session.add(db.TaskRunStateCache(cache_key=key, task_run_state_id=named("cached-state"), cache_expiration=None))
    fields["empirical_policy"] = schemas.core.TaskRunPolicy(**fields.get("empirical_policy", {}))
    run = db.TaskRun(id=named("run"), task_key=str(uuid4()), dynamic_key="0", **fields)
    session.add(run)
    await session.flush()
    await give_state(session, run, "task", case["from"], base)
    await forget(session)

    result = await models.task_runs.set_task_run_state(
        session,
        run.id,
        proposed(case, base),
        task_policy=TASK_POLICIES.get(case["policy"]),
        orchestration_parameters={"api-version": api_version(case)},
    )
    await session.flush()
    [run] = await reread(session, run)
    limits = dict(zip(limits, await reread(session, *limits.values())))
    legacy = dict(zip(legacy, await reread(session, *legacy.values())))
    queue = TaskQueue.for_key(run.task_key)
    answer = {
        "active_slots": {tag: row.active_slots for tag, row in limits.items()},
        "legacy": {tag: sorted(name_of(holder) for holder in row.active_slots) for tag, row in legacy.items()},
        "queued": [queue._scheduled_queue.qsize(), queue._retry_queue.qsize()],
        "cache": await cached_under(session, case),
    }
    return result, run, answer


def plain(reason):
    """The reason with the case's names in place of the ids and tags made for it."""
    for name, known in NAMES.items():
        reason = reason.replace(str(known), name)
    return re.sub(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", reason)


async def cached_under(session, case):
    import sqlalchemy as sa

    key = case["to"].get("state_details", {}).get("cache_key")
    query = sa.select(sa.func.count()).select_from(db.TaskRunStateCache).where(db.TaskRunStateCache.cache_key == key)
    return (await session.execute(query)).scalar() if key else 0


def proposed(case, base):
    fields = dict(case["to"], state_details=details_in(case["to"].get("state_details"), base))
    return states.State(id=named("proposed"), **fields)


def api_version(case):
    return Version(case["client"]["apiVersion"]) if "apiVersion" in case["client"] else None


async def play(case):
    NAMES.clear()
    EVENTS.clear()
    base = now("UTC")
    async with db.session_context(begin_transaction=True) as session:
        OneSession.current = session
        part = play_flow if case["kind"] == "flow" else play_task
        result, run, answer = await part(session, case, base)
        answer.update(
            status=result.status.value,
            details={
                key: plain(value) if key == "reason" else value
                for key, value in result.details.model_dump(mode="json").items()
            },
            state=state_out(result.state, base),
            run=run_out(run, base),
            events=list(EVENTS),
        )
        await session.rollback()
    return answer


async def main(path):
    await db.create_db()
    answers = []
    with open(path) as file:
        cases = json.load(file)
    for case in cases:
        try:
            answers.append(await play(case))
        except Exception as error:
            answers.append({"error": f"{type(error).__name__}: {error}"})
    print(json.dumps(answers))


asyncio.run(main(sys.argv[1]))
