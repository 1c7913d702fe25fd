import asyncio
from typing import Dict, List, Optional, Union

import apprise
from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.blocks.core import Block
from prefect.blocks.fields import SecretDict
from prefect.blocks.notifications import SlackWebhook
from prefect.blocks.system import Secret
from prefect.blocks.webhook import Webhook
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import BlockDocumentCreate
from prefect.filesystems import LocalFileSystem
from pydantic import BaseModel, SecretStr


# The oldest client adds to it, which the newest apprise does not let it.
apprise.NOTIFY_TYPES = tuple(apprise.NOTIFY_TYPES)


class Place(BaseModel):
    town: str
    zip: Optional[int] = None


class E2eCredentials(Block):
    """Who signs in."""

    user: str = "somebody"
    password: SecretStr
    headers: SecretDict = SecretDict({})


class E2eService(Block):
    """What one signs in to."""

    _block_schema_capabilities = ["sign-in"]

    url: str
    credentials: E2eCredentials
    fallback: Optional[Union[E2eCredentials, Secret]] = None
    place: Place = Place(town="Here")
    limits: Dict[str, float] = {"rate": 1.0, "small": 0.00001}
    tags: List[str] = []


def credentials_and_service():
    E2eCredentials.register_type_and_schema()
    E2eService.register_type_and_schema()
    E2eService.register_type_and_schema()
    credentials = E2eCredentials(password="p1", headers={"x": "1", "y": "2"})
    credentials.save("e2e-credentials")
    service = E2eService(url="http://one", credentials=credentials, fallback=Secret(value="s"), tags=["a"])
    service.save("e2e-service")
    loaded = E2eService.load("e2e-service")
    assert loaded.credentials.password.get_secret_value() == "p1"
    assert loaded.credentials.headers.get_secret_value() == {"x": "1", "y": "2"}
    assert loaded.limits == {"rate": 1.0, "small": 0.00001}
    assert loaded.place.town == "Here"
    return loaded


def overwriting():
    try:
        E2eCredentials(password="p2").save("e2e-credentials")
        raise AssertionError("saved over another document")
    except ValueError:
        pass
    E2eCredentials(user="other", password="p2", headers={"z": "3"}).save("e2e-credentials", overwrite=True)
    loaded = E2eCredentials.load("e2e-credentials")
    assert loaded.user == "other"
    assert loaded.password.get_secret_value() == "p2"
    assert loaded.headers.get_secret_value()["z"] == "3"
    assert E2eService.load("e2e-service").credentials.user == "other"


def built_in():
    Secret(value={"nested": ["secret"]}).save("e2e-secret", overwrite=True)
    assert Secret.load("e2e-secret").get() == {"nested": ["secret"]}
    assert Block.load("secret/e2e-secret").get() == {"nested": ["secret"]}
    SlackWebhook(url="https://hooks.example.com/services/x").save("e2e-slack", overwrite=True)
    assert SlackWebhook.load("e2e-slack").url.get_secret_value() == "https://hooks.example.com/services/x"
    Webhook(url="https://example.com", headers={"authorization": "b"}).save("e2e-webhook", overwrite=True)
    assert Webhook.load("e2e-webhook").headers.get_secret_value() == {"authorization": "b"}
    LocalFileSystem(basepath="/tmp/e2e-files").save("e2e-files", overwrite=True)
    assert LocalFileSystem.load("e2e-files").basepath == "/tmp/e2e-files"


def seen_by_the_api():
    with get_client(sync_client=True) as client:
        shown = client._client.get("/block_types/slug/e2eservice/block_documents/name/e2e-service").json()
        masked = client._client.post("/block_documents/filter", json={}).json()
    names = sorted(each["name"] for each in masked if each["name"].startswith("e2e-"))
    return [names, shown["data"], shown["block_schema"]["checksum"], sorted(shown["block_schema"]["fields"])]


def deleting():
    E2eService.delete("e2e-service")
    try:
        E2eService.load("e2e-service")
        raise AssertionError("loaded what was deleted")
    except ValueError:
        pass


async def anonymous():
    await E2eCredentials.register_type_and_schema()
    async with get_client() as client:
        document = BlockDocumentCreate(
            data={"user": "nobody", "password": "p"},
            block_schema_id=E2eCredentials._block_schema_id,
            block_type_id=E2eCredentials._block_type_id,
            is_anonymous=True,
        )
        created = await client.create_block_document(document)
        assert created.name.startswith("anonymous-")
        shown = await client.read_block_document(created.id, include_secrets=True)
        assert Block._from_block_document(shown).password.get_secret_value() == "p"
        assert created.id not in [each.id for each in await client.read_block_documents()]
        await client.delete_block_document(created.id)


@flow(name="blocks")
def use_blocks():
    credentials_and_service()
    overwriting()
    built_in()
    create_markdown_artifact(key="blocks", markdown=repr(seen_by_the_api()))
    deleting()


def run():
    asyncio.run(anonymous())
    use_blocks()
