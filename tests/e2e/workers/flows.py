import os
import subprocess
import time

from prefect import flow, task


@task
def double(n):
    return 2 * n


@flow(name="python-quick", log_prints=True)
def quick(n: int = 1):
    print("the environment says", os.environ.get("SAID"))
    return double(n)


@flow(name="python-slow")
def slow(mark: str):
    # Processes below a process, one of them in a session of its own, which nobody waits for.
    subprocess.Popen(["sh", "-c", f"sleep {mark} & setsid sleep {mark}"])
    time.sleep(300)
