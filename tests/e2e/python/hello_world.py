from prefect import flow, get_run_logger, task


@task
def greet(name: str) -> str:
    get_run_logger().info("greeting %s", name)
    return f"Hello, {name}!"


@flow(name="hello-world", log_prints=True)
def hello(name: str = "world", times: int = 2) -> list[str]:
    greetings = [greet(name) for _ in range(times)]
    print(greetings[0])
    return greetings


def run():
    assert hello() == ["Hello, world!"] * 2
    assert hello("Ada", times=1) == ["Hello, Ada!"]
