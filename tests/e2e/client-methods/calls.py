"""The calls: one or more for every public method of the client, in an order in which each finds what it needs.

`calls(c, s)` yields `(method, call, note)`: `call` runs the method, `s` keeps what earlier calls have answered under the
name `note`; a note that begins with "fails" says that the method refuses this call.
"""

from datetime import datetime, timedelta, timezone
from uuid import UUID

from prefect import flow, task
from prefect.client.schemas import actions, filters, objects, schedules, sorting
from prefect.events.actions import DoNothing
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture
from prefect.events.filters import EventFilter, EventNameFilter
from prefect.states import Completed, Paused, Pending, Running, Scheduled

NOBODY = UUID("00000000-0000-4000-8000-000000000000")
FAR = datetime(2030, 1, 1, tzinfo=timezone.utc)
REFUSED = "fails"


@flow(name="client-methods")
def a_flow(n: int = 1):
    return n


@task(name="a-task", task_run_name="a-run")
def a_task():
    pass


# The client derives it from the path of this file, and answers are kept for other checkouts.
a_task.task_key = "a_task-key"


def runs_and_flows(c, s):
    yield "create_flow", lambda: c.create_flow(a_flow), "flow"
    yield "create_flow_from_name", lambda: c.create_flow_from_name(s.name("other-flow")), "other_flow"
    yield "read_flow", lambda: c.read_flow(s.flow), ""
    yield "read_flow", lambda: c.read_flow(NOBODY), REFUSED
    yield "read_flow_by_name", lambda: c.read_flow_by_name("client-methods"), ""
    yield "read_flows", lambda: c.read_flows(
        flow_filter=filters.FlowFilter(name=filters.FlowFilterName(any_=["client-methods", s.name("other-flow")])),
        sort=sorting.FlowSort.NAME_ASC,
        limit=5,
    ), ""
    yield "create_flow_run", lambda: c.create_flow_run(
        a_flow, name=s.name("run"), parameters={"n": 2}, context={"a": 1}, tags=["x"], state=Pending()
    ), "run"
    yield "read_flow_run", lambda: c.read_flow_run(s.run.id), ""
    yield "read_flow_run", lambda: c.read_flow_run(NOBODY), REFUSED
    yield "read_flow_runs", lambda: c.read_flow_runs(
        flow_run_filter=filters.FlowRunFilter(id=filters.FlowRunFilterId(any_=[s.run.id])),
        sort=sorting.FlowRunSort.NAME_DESC,
    ), ""
    yield "count_flow_runs", lambda: c.count_flow_runs(
        flow_run_filter=filters.FlowRunFilter(name=filters.FlowRunFilterName(any_=[s.name("run")]))
    ), ""
    yield "set_flow_run_name", lambda: c.set_flow_run_name(s.run.id, s.name("renamed")), ""
    yield "update_flow_run", lambda: c.update_flow_run(
        s.run.id, flow_version="2", parameters={"n": 3}, tags=["y"], infrastructure_pid="7"
    ), ""
    yield "update_flow_run_labels", lambda: c.update_flow_run_labels(s.run.id, {"team": "x", "n": 1}), ""
    yield "set_flow_run_state", lambda: c.set_flow_run_state(s.run.id, Running()), ""
    yield "set_flow_run_state", lambda: c.set_flow_run_state(NOBODY, Running()), REFUSED
    yield "set_flow_run_state", lambda: c.set_flow_run_state(s.run.id, Paused(timeout_seconds=300)), ""
    yield "resume_flow_run", lambda: c.resume_flow_run(s.run.id), ""
    yield "read_flow_run_states", lambda: c.read_flow_run_states(s.run.id), "states"
    yield "read_flow_run_state", lambda: c.read_flow_run_state(s.states[0].id), ""
    yield "create_flow_run_input", lambda: c.create_flow_run_input(s.run.id, "a-key", '{"a": 1}', sender="me"), ""
    yield "create_flow_run_input", lambda: c.create_flow_run_input(s.run.id, "a-key", "1"), REFUSED
    yield "read_flow_run_input", lambda: c.read_flow_run_input(s.run.id, "a-key"), ""
    yield "filter_flow_run_input", lambda: c.filter_flow_run_input(s.run.id, "a", 10, {"b"}), ""
    yield "delete_flow_run_input", lambda: c.delete_flow_run_input(s.run.id, "a-key"), ""
    yield "create_task_run", lambda: c.create_task_run(
        a_task, s.run.id, "0", name="a-run", extra_tags=["x"], state=Pending(), task_inputs={}
    ), "task_run"
    yield "read_task_run", lambda: c.read_task_run(s.task_run.id), ""
    yield "read_task_run", lambda: c.read_task_run(NOBODY), REFUSED
    yield "read_task_runs", lambda: c.read_task_runs(
        task_run_filter=filters.TaskRunFilter(id=filters.TaskRunFilterId(any_=[s.task_run.id]))
    ), ""
    yield "set_task_run_name", lambda: c.set_task_run_name(s.task_run.id, "renamed"), ""
    yield "set_task_run_state", lambda: c.set_task_run_state(s.task_run.id, Running()), ""
    yield "set_task_run_state", lambda: c.set_task_run_state(s.task_run.id, Completed(data=None)), ""
    yield "read_task_run_states", lambda: c.read_task_run_states(s.task_run.id), ""
    yield "create_logs", lambda: c.create_logs(
        [
            actions.LogCreate(name="a", level=20, message="hello", timestamp=FAR, flow_run_id=s.run.id),
            {"name": "b", "level": 40, "message": "oh", "timestamp": FAR.isoformat(), "flow_run_id": str(s.run.id)},
        ]
    ), ""
    yield "read_logs", lambda: c.read_logs(
        filters.LogFilter(flow_run_id=filters.LogFilterFlowRunId(any_=[s.run.id]), level=filters.LogFilterLevel(ge_=30)),
        limit=5,
        sort=sorting.LogSort.TIMESTAMP_ASC,
    ), ""
    yield "create_artifact", lambda: c.create_artifact(
        actions.ArtifactCreate(key=s.key("an-artifact"), type="markdown", data="# x", flow_run_id=s.run.id)
    ), "artifact"
    yield "update_artifact", lambda: c.update_artifact(s.artifact.id, actions.ArtifactUpdate(description="d")), ""
    yield "read_artifacts", lambda: c.read_artifacts(
        artifact_filter=filters.ArtifactFilter(key=filters.ArtifactFilterKey(any_=[s.key("an-artifact")]))
    ), ""
    yield "read_latest_artifacts", lambda: c.read_latest_artifacts(
        artifact_filter=filters.ArtifactCollectionFilter(
            key=filters.ArtifactCollectionFilterKey(any_=[s.key("an-artifact")])
        )
    ), ""
    yield "delete_artifact", lambda: c.delete_artifact(s.artifact.id), ""
    yield "delete_artifact", lambda: c.delete_artifact(s.artifact.id), REFUSED


def pools_and_deployments(c, s):
    yield "create_work_pool", lambda: c.create_work_pool(
        actions.WorkPoolCreate(name=s.name("pool"), type="process", base_job_template=s.template, description="d")
    ), "pool"
    yield "create_work_pool", lambda: c.create_work_pool(
        actions.WorkPoolCreate(name=s.name("pool"), type="process", base_job_template=s.template)
    ), REFUSED
    yield "read_work_pool", lambda: c.read_work_pool(s.name("pool")), ""
    yield "read_work_pool", lambda: c.read_work_pool("nobody"), REFUSED
    yield "read_work_pools", lambda: c.read_work_pools(
        work_pool_filter=filters.WorkPoolFilter(name=filters.WorkPoolFilterName(any_=[s.name("pool")]))
    ), ""
    yield "update_work_pool", lambda: c.update_work_pool(
        s.name("pool"), actions.WorkPoolUpdate(concurrency_limit=3, description="e")
    ), ""
    yield "create_work_queue", lambda: c.create_work_queue(
        "q", description="d", concurrency_limit=2, priority=4, work_pool_name=s.name("pool")
    ), "queue"
    yield "read_work_queue", lambda: c.read_work_queue(s.queue.id), ""
    yield "read_work_queue", lambda: c.read_work_queue(NOBODY), REFUSED
    yield "read_work_queue_by_name", lambda: c.read_work_queue_by_name("q", work_pool_name=s.name("pool")), ""
    yield "read_work_queues", lambda: c.read_work_queues(work_pool_name=s.name("pool")), ""
    yield "match_work_queues", lambda: c.match_work_queues(["q"], work_pool_name=s.name("pool")), ""
    yield "update_work_queue", lambda: c.update_work_queue(s.queue.id, description="e", is_paused=False), ""
    yield "read_work_queue_status", lambda: c.read_work_queue_status(s.queue.id), ""
    yield "send_worker_heartbeat", lambda: c.send_worker_heartbeat(s.name("pool"), "a-worker", 30), ""
    yield "read_workers_for_work_pool", lambda: c.read_workers_for_work_pool(s.name("pool")), ""
    yield "create_deployment", lambda: c.create_deployment(
        s.flow,
        s.name("deployment"),
        schedules=[actions.DeploymentScheduleCreate(schedule=schedules.CronSchedule(cron="0 0 1 1 *"), active=False)],
        parameters={"n": 1},
        work_queue_name="q",
        work_pool_name=s.name("pool"),
        tags=["x"],
        entrypoint="f.py:f",
        path="/p",
        parameter_openapi_schema={"type": "object", "properties": {"n": {"type": "integer"}}},
        job_variables={"env": {"A": "1"}},
    ), "deployment"
    yield "read_deployment", lambda: c.read_deployment(s.deployment), "read"
    yield "read_deployment", lambda: c.read_deployment(NOBODY), REFUSED
    yield "read_deployment_by_name", lambda: c.read_deployment_by_name(f"client-methods/{s.name('deployment')}"), ""
    yield "read_deployments", lambda: c.read_deployments(
        deployment_filter=filters.DeploymentFilter(id=filters.DeploymentFilterId(any_=[s.deployment]))
    ), ""
    yield "update_deployment", lambda: c.update_deployment(
        s.deployment, actions.DeploymentUpdate(description="d", tags=["y"], paused=False)
    ), ""
    yield "set_deployment_paused_state", lambda: c.set_deployment_paused_state(s.deployment, True), ""
    yield "resume_deployment", lambda: c.resume_deployment(s.deployment), ""
    yield "pause_deployment", lambda: c.pause_deployment(s.deployment), ""
    yield "pause_deployment", lambda: c.pause_deployment(NOBODY), REFUSED
    yield "create_deployment_schedules", lambda: c.create_deployment_schedules(
        s.deployment, [(schedules.IntervalSchedule(interval=timedelta(days=400), anchor_date=FAR), False)]
    ), "schedules"
    yield "update_deployment_schedule", lambda: c.update_deployment_schedule(
        s.deployment, s.schedules[0].id, active=False, schedule=schedules.CronSchedule(cron="0 0 2 2 *")
    ), ""
    yield "read_deployment_schedules", lambda: c.read_deployment_schedules(s.deployment), ""
    yield "delete_deployment_schedule", lambda: c.delete_deployment_schedule(s.deployment, s.schedules[0].id), ""
    yield "create_deployment_branch", lambda: c.create_deployment_branch(s.deployment, "b"), REFUSED
    yield "apply_slas_for_deployment", lambda: c.apply_slas_for_deployment(s.deployment, []), REFUSED
    yield "create_flow_run_from_deployment", lambda: c.create_flow_run_from_deployment(
        s.deployment, parameters={"n": 5}, name=s.name("deployed"), state=Scheduled(scheduled_time=FAR),
        idempotency_key=s.name("once"), tags=["z"],
    ), "deployed"
    yield "create_flow_run_from_deployment", lambda: c.create_flow_run_from_deployment(NOBODY), REFUSED
    yield "get_scheduled_flow_runs_for_work_pool", lambda: c.get_scheduled_flow_runs_for_work_pool(
        s.name("pool"), work_queue_names=["q"], scheduled_before=FAR
    ), ""
    yield "get_scheduled_flow_runs_for_deployments", lambda: c.get_scheduled_flow_runs_for_deployments(
        [s.deployment], scheduled_before=FAR, limit=5
    ), ""
    yield "get_runs_in_work_queue", lambda: c.get_runs_in_work_queue(s.queue.id, scheduled_before=FAR), ""
    yield "read_work_pool_concurrency_status", lambda: c.read_work_pool_concurrency_status(s.name("pool")), ""
    yield "read_work_queue_concurrency_status", lambda: c.read_work_queue_concurrency_status(s.queue.id), ""


def limits_and_variables(c, s):
    yield "create_concurrency_limit", lambda: c.create_concurrency_limit(s.name("tag"), 2), ""
    yield "read_concurrency_limit_by_tag", lambda: c.read_concurrency_limit_by_tag(s.name("tag")), ""
    yield "read_concurrency_limit_by_tag", lambda: c.read_concurrency_limit_by_tag("nobody"), REFUSED
    yield "read_concurrency_limits", lambda: c.read_concurrency_limits(limit=10, offset=0), ""
    yield "increment_v1_concurrency_slots", lambda: c.increment_v1_concurrency_slots([s.name("tag")], s.task_run.id), ""
    yield "decrement_v1_concurrency_slots", lambda: c.decrement_v1_concurrency_slots(
        [s.name("tag")], s.task_run.id, 1.5
    ), ""
    yield "reset_concurrency_limit_by_tag", lambda: c.reset_concurrency_limit_by_tag(s.name("tag"), []), ""
    yield "delete_concurrency_limit_by_tag", lambda: c.delete_concurrency_limit_by_tag(s.name("tag")), ""
    yield "create_global_concurrency_limit", lambda: c.create_global_concurrency_limit(
        actions.GlobalConcurrencyLimitCreate(name=s.name("limit"), limit=2)
    ), ""
    yield "read_global_concurrency_limit_by_name", lambda: c.read_global_concurrency_limit_by_name(s.name("limit")), ""
    yield "read_global_concurrency_limit_by_name", lambda: c.read_global_concurrency_limit_by_name("nobody"), REFUSED
    yield "read_global_concurrency_limits", lambda: c.read_global_concurrency_limits(limit=5), ""
    yield "update_global_concurrency_limit", lambda: c.update_global_concurrency_limit(
        s.name("limit"), actions.GlobalConcurrencyLimitUpdate(limit=3)
    ), ""
    yield "upsert_global_concurrency_limit_by_name", lambda: c.upsert_global_concurrency_limit_by_name(s.name("limit"), 4), ""
    yield "increment_concurrency_slots", lambda: c.increment_concurrency_slots([s.name("limit")], 1, "concurrency"), ""
    yield "release_concurrency_slots", lambda: c.release_concurrency_slots([s.name("limit")], 1, 0.5), ""
    yield "increment_concurrency_slots_with_lease", lambda: c.increment_concurrency_slots_with_lease(
        [s.name("limit")], 1, "concurrency", 120
    ), "lease"
    yield "renew_concurrency_lease", lambda: c.renew_concurrency_lease(UUID(s.lease.json()["lease_id"]), 120), ""
    yield "renew_concurrency_lease", lambda: c.renew_concurrency_lease(NOBODY, 120), REFUSED
    yield "release_concurrency_slots_with_lease", lambda: c.release_concurrency_slots_with_lease(
        UUID(s.lease.json()["lease_id"])
    ), ""
    yield "delete_global_concurrency_limit_by_name", lambda: c.delete_global_concurrency_limit_by_name(
        s.name("limit")
    ), ""
    yield "create_variable", lambda: c.create_variable(
        actions.VariableCreate(name=s.word("variable"), value={"a": [1, None]}, tags=["x"])
    ), ""
    yield "create_variable", lambda: c.create_variable(actions.VariableCreate(name=s.word("variable"), value=1)), REFUSED
    yield "read_variable_by_name", lambda: c.read_variable_by_name(s.word("variable")), ""
    yield "read_variable_by_name", lambda: c.read_variable_by_name("nobody"), ""
    yield "read_variables", lambda: c.read_variables(limit=5), ""
    yield "update_variable", lambda: c.update_variable(actions.VariableUpdate(name=s.word("variable"), value="v")), ""
    yield "delete_variable_by_name", lambda: c.delete_variable_by_name(s.word("variable")), ""
    yield "delete_variable_by_name", lambda: c.delete_variable_by_name(s.word("variable")), REFUSED


def blocks(c, s):
    yield "create_block_type", lambda: c.create_block_type(
        actions.BlockTypeCreate(name=s.name("kind"), slug=s.name("kind"), description="d")
    ), "block_type"
    yield "create_block_type", lambda: c.create_block_type(
        actions.BlockTypeCreate(name=s.name("kind"), slug=s.name("kind"))
    ), REFUSED
    yield "read_block_type_by_slug", lambda: c.read_block_type_by_slug(s.name("kind")), ""
    yield "read_block_type_by_slug", lambda: c.read_block_type_by_slug("nobody"), REFUSED
    yield "update_block_type", lambda: c.update_block_type(s.block_type.id, actions.BlockTypeUpdate(description="e")), ""
    yield "read_block_types", lambda: s.only(c.read_block_types(), "slug", s.name("kind")), ""
    yield "create_block_schema", lambda: c.create_block_schema(
        actions.BlockSchemaCreate(
            block_type_id=s.block_type.id,
            capabilities=["can"],
            fields={
                "title": "Kind", "type": "object", "secret_fields": ["token"], "block_schema_references": {},
                "properties": {"token": {"type": "string"}, "n": {"type": "integer"}},
            },
        )
    ), "block_schema"
    yield "read_block_schema_by_checksum", lambda: c.read_block_schema_by_checksum(s.block_schema.checksum), ""
    yield "read_block_schema_by_checksum", lambda: c.read_block_schema_by_checksum("sha256:nobody"), REFUSED
    yield "read_block_schemas", lambda: s.only(c.read_block_schemas(), "id", s.block_schema.id), ""
    yield "get_most_recent_block_schema_for_block_type", lambda: c.get_most_recent_block_schema_for_block_type(
        s.block_type.id
    ), ""
    yield "create_block_document", lambda: c.create_block_document(
        actions.BlockDocumentCreate(
            name="doc", data={"token": "secret", "n": 1}, block_schema_id=s.block_schema.id, block_type_id=s.block_type.id
        )
    ), "document"
    yield "create_block_document", lambda: c.create_block_document(
        actions.BlockDocumentCreate(
            name="doc", data={}, block_schema_id=s.block_schema.id, block_type_id=s.block_type.id
        )
    ), REFUSED
    yield "update_block_document", lambda: c.update_block_document(
        s.document.id, actions.BlockDocumentUpdate(data={"n": 2}, block_schema_id=s.block_schema.id)
    ), ""
    yield "read_block_document", lambda: c.read_block_document(s.document.id, include_secrets=False), ""
    yield "read_block_document", lambda: c.read_block_document(NOBODY), REFUSED
    yield "read_block_document_by_name", lambda: c.read_block_document_by_name("doc", s.name("kind")), ""
    yield "read_block_documents", lambda: c.read_block_documents(include_secrets=False), ""
    yield "read_block_documents_by_type", lambda: c.read_block_documents_by_type(s.name("kind")), ""
    yield "read_server_default_result_storage", lambda: c.read_server_default_result_storage(), ""
    yield "update_server_default_result_storage", lambda: c.update_server_default_result_storage(s.document.id), REFUSED
    yield "clear_server_default_result_storage", lambda: c.clear_server_default_result_storage(), ""
    yield "delete_block_document", lambda: c.delete_block_document(s.document.id), ""
    yield "delete_block_type", lambda: c.delete_block_type(s.block_type.id), ""
    yield "delete_block_type", lambda: c.delete_block_type(s.block_type.id), REFUSED


def automations(c, s):
    def core(description):
        trigger = EventTrigger(expect={"a.b"}, posture=Posture.Reactive, threshold=1, within=timedelta(seconds=10))
        return AutomationCore(name=s.name("rule"), description=description, trigger=trigger, actions=[DoNothing()])

    yield "create_automation", lambda: c.create_automation(core("d")), "automation"
    yield "read_automation", lambda: c.read_automation(s.automation), ""
    yield "read_automation", lambda: c.read_automation(NOBODY), REFUSED
    yield "read_automations", lambda: c.read_automations(), ""
    yield "read_automations_by_name", lambda: c.read_automations_by_name(s.name("rule")), ""
    yield "find_automation", lambda: c.find_automation(s.name("rule")), ""
    yield "update_automation", lambda: c.update_automation(s.automation, core("e")), ""
    yield "pause_automation", lambda: c.pause_automation(s.automation), ""
    yield "resume_automation", lambda: c.resume_automation(s.automation), ""
    yield "read_resource_related_automations", lambda: c.read_resource_related_automations("prefect.x.1"), ""
    yield "delete_resource_owned_automations", lambda: c.delete_resource_owned_automations("prefect.x.1"), ""
    yield "delete_automation", lambda: c.delete_automation(s.automation), ""
    yield "delete_automation", lambda: c.delete_automation(s.automation), REFUSED
    yield "read_events", lambda: c.read_events(EventFilter(event=EventNameFilter(name=["no.such.event"])), limit=10), ""
    yield "read_events_page", lambda: c.read_events_page(f"{s.api_url}/events/filter/next?page-token=x"), REFUSED


def the_rest(c, s):
    yield "api_healthcheck", lambda: c.api_healthcheck(), ""
    yield "api_version", lambda: c.api_version(), ""
    yield "client_version", lambda: c.client_version(), ""
    yield "hello", lambda: c.hello(), ""
    yield "raise_for_api_version_mismatch", lambda: c.raise_for_api_version_mismatch(), ""
    yield "raise_for_api_version_mismatch_once", lambda: c.raise_for_api_version_mismatch_once(), ""
    yield "request", lambda: c.request("GET", "/hello"), ""
    yield "read_worker_metadata", lambda: s.kinds(c.read_worker_metadata()), ""
    # The oldest client's, which the server has no more.
    yield "create_flow_run_notification_policy", lambda: c.create_flow_run_notification_policy(
        actions.FlowRunNotificationPolicyCreate(state_names=[], tags=[], block_document_id=NOBODY)
    ), REFUSED
    yield "read_flow_run_notification_policies", lambda: c.read_flow_run_notification_policies(
        filters.FlowRunNotificationPolicyFilter()
    ), REFUSED
    yield "update_flow_run_notification_policy", lambda: c.update_flow_run_notification_policy(
        NOBODY, actions.FlowRunNotificationPolicyUpdate(is_active=False)
    ), REFUSED
    yield "delete_flow_run_notification_policy", lambda: c.delete_flow_run_notification_policy(NOBODY), REFUSED
    yield "delete_task_run", lambda: c.delete_task_run(s.task_run.id), ""
    yield "delete_flow_run", lambda: c.delete_flow_run(s.run.id), ""
    yield "delete_flow_run", lambda: c.delete_flow_run(s.run.id), REFUSED
    yield "delete_deployment", lambda: c.delete_deployment(s.deployment), ""
    yield "delete_deployment", lambda: c.delete_deployment(s.deployment), REFUSED
    yield "delete_work_queue_by_id", lambda: c.delete_work_queue_by_id(s.queue.id), ""
    yield "delete_work_pool", lambda: c.delete_work_pool(s.name("pool")), ""
    yield "delete_work_pool", lambda: c.delete_work_pool(s.name("pool")), REFUSED
    yield "delete_flow", lambda: c.delete_flow(s.other_flow), ""


def calls(c, s):
    for part in (runs_and_flows, pools_and_deployments, limits_and_variables, blocks, automations, the_rest):
        yield from part(c, s)
