from prefect import flow, task

attempts = {"number": 0}


@task(retries=2, retry_delay_seconds=0)
def third_time_lucky() -> str:
    attempts["number"] += 1
    if attempts["number"] < 3:
        raise ValueError(f"attempt {attempts['number']} fails")
    return "done"


@task(retries=1, retry_delay_seconds=[0, 5])
def always_fails():
    raise RuntimeError("never works")


@flow(name="retried-task")
def retried():
    result = third_time_lucky()
    state = always_fails(return_state=True)
    assert state.is_failed()
    return result


def run():
    assert retried() == "done"
