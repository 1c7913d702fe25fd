"""Delays a task that `serve` runs in another process, and prints what comes of it as JSON."""

import json
import subprocess
import sys

from prefect import task


@task
def doubled(n: int) -> int:
    return n * 2


def main():
    server = subprocess.Popen([sys.executable, __file__, "serve"])
    try:
        futures = [doubled.delay(n) for n in range(3)]
        for future in futures:
            future.wait(timeout=60)
        print(json.dumps([future.state.name for future in futures]))
    finally:
        server.terminate()
        server.wait()


if sys.argv[1:] == ["serve"]:
    doubled.serve()
elif __name__ == "__main__":
    main()
