import asyncio
import json
import sys
from types import SimpleNamespace

from pydantic import ConfigDict

from prefect.workers.base import BaseJobConfiguration


class Configuration(BaseJobConfiguration):
    model_config = ConfigDict(extra="allow")

    def prepare_for_flow_run(self, *args, **kwargs):
        pass


class Client:
    async def read_flow(self, id):
        return None

    async def read_variable_by_name(self, name):
        return SimpleNamespace(value="of the variable") if name == "known" else None


async def resolve(case):
    run = SimpleNamespace(deployment_id=None, flow_id="x", job_variables=case["runVariables"])
    configuration = await Configuration.resolve_for_flow_run(
        run,
        client=Client(),
        work_pool=SimpleNamespace(base_job_template=case["template"]),
        worker_name="x",
        deployment=SimpleNamespace(job_variables=case["deploymentVariables"]),
    )
    return configuration.model_dump(mode="json")


print(json.dumps([asyncio.run(resolve(case)) for case in json.loads(sys.argv[1])]))
