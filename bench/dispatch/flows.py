import time

from prefect import flow


@flow(name="dispatched-python")
def dispatched(path: str):
    with open(path, "w") as file:
        file.write(str(time.time() * 1000))
