from prefect import flow, task


@task(tags=["mapped"])
def square(n: int) -> int:
    return n * n


@task
def total(numbers: list[int]) -> int:
    return sum(numbers)


@flow(name="mapped-tasks")
def mapped(n: int) -> int:
    return total.submit(square.map(range(n))).result()


def run():
    assert mapped(40) == sum(i * i for i in range(40))
