import asyncio

from prefect import flow, task


@task
async def fetch(n: int) -> int:
    await asyncio.sleep(0.01)
    return n


@flow(name="async-flow")
async def gather() -> int:
    return sum(await asyncio.gather(*(fetch(n) for n in range(5))))


def run():
    assert asyncio.run(gather()) == 10
