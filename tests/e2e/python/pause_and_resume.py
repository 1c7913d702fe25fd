import asyncio
import threading

from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowRunFilter
from prefect.flow_runs import pause_flow_run
from prefect.input import RunInput


class Approval(RunInput):
    approved: bool
    note: str = "none"


@task
def before():
    return 1


@task
def after():
    return 2


@flow(name="pause-and-resume")
def pausing():
    before()
    pause_flow_run(timeout=60, poll_interval=0.2)
    return after()


@flow(name="pause-and-resume-input")
def asking() -> str:
    answer = pause_flow_run(wait_for_input=Approval, timeout=60, poll_interval=0.2)
    return f"{answer.approved} {answer.note}"


async def resume_when_paused(flow_name: str, run_input=None):
    ours = FlowFilter.model_validate({"name": {"any_": [flow_name]}})
    paused = FlowRunFilter.model_validate({"state": {"type": {"any_": ["PAUSED"]}}})
    async with get_client() as client:
        for _ in range(300):
            for run in await client.read_flow_runs(flow_filter=ours, flow_run_filter=paused):
                # A client stores what it asks for only after the pause: who resumes before that is refused.
                if (await client.resume_flow_run(run.id, run_input=run_input)).status == "ACCEPT":
                    return
            await asyncio.sleep(0.1)


def run():
    for pausing_flow, run_input in ((pausing, None), (asking, {"approved": True, "note": "fine"})):
        thread = threading.Thread(target=lambda: asyncio.run(resume_when_paused(pausing_flow.name, run_input)))
        thread.start()
        state = pausing_flow(return_state=True)
        thread.join()
        assert state.is_completed(), state
