from prefect import flow, task


@task
def double(n: int) -> int:
    return 2 * n


@flow(name="subflow-child", flow_run_name="child of {n}")
def child(n: int) -> int:
    return double(n)


@flow(name="subflow-broken")
def broken():
    raise ValueError("the child breaks")


@flow(name="subflow-parent")
def parent() -> int:
    first = child(1)
    second = child(first)
    state = broken(return_state=True)
    assert state.is_failed()
    return second


def run():
    assert parent() == 4
