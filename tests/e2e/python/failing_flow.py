from prefect import flow, task


@task
def divide(a: int, b: int) -> float:
    return a / b


@task
def after(value):
    return value


@flow(name="failing-flow-task")
def fails_in_task():
    return divide(1, 0)


@flow(name="failing-flow-itself")
def fails_itself(message: str):
    raise ValueError(message)


@flow(name="failing-flow-futures")
def fails_through_futures():
    broken = divide.submit(1, 0)
    broken.wait()
    return after.submit(broken)


@flow(name="failing-flow-timeout", timeout_seconds=0.3)
def times_out():
    import time

    for _ in range(100):
        time.sleep(0.05)


def run():
    for broken, parameters in (
        (fails_in_task, {}),
        (fails_itself, {"message": "as planned"}),
        (fails_through_futures, {}),
        (times_out, {}),
    ):
        state = broken(**parameters, return_state=True)
        assert state.is_failed(), state
    state = fails_itself(return_state=True, **{"message": ["not", "text"]})
    assert state.is_failed(), state
