import os
import signal
import subprocess
import sys
import time

from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

NAME = "served-flow/nightly"


@task
def add(a: int, b: int) -> int:
    return a + b


@flow(name="served-flow", log_prints=True)
def served(a: int, b: int = 2) -> int:
    print(f"adding {a} and {b}")
    if a < 0:
        raise ValueError("negative")
    return add(a, b)


def wait_for_deployment():
    with get_client(sync_client=True) as client:
        for _ in range(300):
            try:
                return client.read_deployment_by_name(NAME)
            except ObjectNotFound:
                time.sleep(0.1)
    raise TimeoutError(NAME)


def run():
    settings = {"PREFECT_RUNNER_POLL_FREQUENCY": "1", "PREFECT_RUNNER_SERVER_ENABLE": "false"}
    server = subprocess.Popen([sys.executable, __file__], env={**os.environ, **settings})
    try:
        wait_for_deployment()
        good = run_deployment(NAME, parameters={"a": 1}, timeout=90, poll_interval=0.5, tags=["asked"])
        assert good.state.is_completed(), good.state
        bad = run_deployment(NAME, parameters={"a": -1}, timeout=90, poll_interval=0.5, flow_run_name="the bad one")
        assert bad.state.is_failed(), bad.state
        # The runner notices that the process has ended after the server does: let it write its last words.
        time.sleep(3)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


if __name__ == "__main__":
    served.serve(name="nightly", tags=["served"], description="runs at night", version="3", parameters={"b": 5})
