import subprocess
import sys
import time

from prefect import flow, task


@task
def begin():
    print("RUNNING", flush=True)


@flow(name="killed-flow")
def endless():
    begin()
    # The task's events are sent in the background: give them time to leave before the end comes.
    time.sleep(3)
    print("KILL ME", flush=True)
    time.sleep(600)


def run():
    child = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    for line in child.stdout:
        if "KILL ME" in line:
            child.kill()
    assert child.wait() == -9


if __name__ == "__main__":
    endless()
