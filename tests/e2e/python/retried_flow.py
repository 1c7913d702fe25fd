from prefect import flow, task

attempts = []


@task
def step(attempt: int) -> int:
    return attempt


@flow(name="retried-flow", retries=2, retry_delay_seconds=0)
def retried() -> int:
    attempts.append(None)
    step(len(attempts))
    if len(attempts) < 3:
        raise ValueError("not yet")
    return len(attempts)


def run():
    assert retried() == 3
