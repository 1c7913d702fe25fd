from prefect import flow, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.states import Completed


@task(name="report {odd}", task_run_name="report-for-{who}")
def report(who: str):
    logger = get_run_logger()
    logger.debug("debug for %s", who)
    logger.warning("warning with ünïcödé 🎉\nand two lines")
    create_markdown_artifact(key="the-report", markdown=f"# {who}", description="about them")
    create_table_artifact(key="the-table", table=[{"who": who, "n": 1}])


@flow(name="logs-and-artifacts", description="writes things", version="7")
def writer():
    logger = get_run_logger()
    report("ada")
    report("bob")
    create_link_artifact(link="https://example.com", link_text="example")
    try:
        raise KeyError("logged only")
    except KeyError:
        logger.exception("caught")
    logger.critical("critical %s", {"a": 1})
    return Completed(message="with words", name="Written")


def run():
    assert writer(return_state=True).name == "Written"
