"""Tasks that are delayed, and a task worker that runs them."""

import asyncio
import subprocess
import sys

from prefect import task
from prefect.task_worker import TaskWorker

RUNS = 3


@task(name="background-task-doubled")
def doubled(n: int) -> int:
    return n * 2


@task(name="background-task-flaky", retries=1)
async def flaky(n: int) -> int:
    from prefect.context import TaskRunContext

    if TaskRunContext.get().task_run.run_count < 2:
        raise ValueError("not yet")
    return n


def run():
    # A process of its own: a task worker takes over the context of flows that ran before it in the same one.
    subprocess.run([sys.executable, __file__], check=True)


def main():
    futures = [doubled.delay(n) for n in range(RUNS)] + [flaky.delay(7)]

    async def work():
        async with TaskWorker(doubled, flaky) as worker:
            serving = asyncio.create_task(worker.start())
            while sum(worker.finished_task_runs.values()) < len(futures):
                if serving.done():
                    await serving
                await asyncio.sleep(0.1)
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)

    asyncio.run(asyncio.wait_for(work(), 60))
    results = [future.result(timeout=20) for future in futures]
    assert results == [0, 2, 4, 7], results


if __name__ == "__main__":
    main()
