"""A primary that fails over in the middle of a run is waited for; a set without majority is not."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import generated
import pytest
from conftest import Mongod, running_mongod, settings_for
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from stores import Store

from healthcheck.activity import Activity, ModelKey
from healthcheck.errors import SourceError
from healthcheck.sources import mongodb
from healthcheck.sources.limits import Limits

FAILURES = 6


@pytest.fixture
def members() -> Iterator[list[Mongod]]:
    """Three members, a primary elected, a day of data on all of them."""
    arguments = ("--replSet", "rs", "--setParameter", "enableTestCommands=1")
    with ExitStack() as stack:
        members = [stack.enter_context(running_mongod(*arguments)) for _ in range(3)]
        _elect_and_fill(members)
        yield members


@pytest.fixture(scope="module")
def member() -> Iterator[Mongod]:
    """The only one of its set, with the same day."""
    with running_mongod("--replSet", "rs", "--setParameter", "enableTestCommands=1") as one:
        _elect_and_fill([one])
        yield one


def _elect_and_fill(members: list[Mongod]) -> None:
    config = {
        "_id": "rs",
        "members": [{"_id": n, "host": f"127.0.0.1:{one.port}"} for n, one in enumerate(members)],
        "settings": {"electionTimeoutMillis": 1000, "heartbeatIntervalMillis": 200},
    }
    with members[0].client() as client:
        client.admin.command("replSetInitiate", config)
    store = Store()
    store.day("openai", "a", failures=FAILURES)
    store.error("openai", "dead", store.ago(hours=1), "404 gone")
    with MongoClient(uri(members) + f"&w={len(members)}&serverSelectionTimeoutMS=60000") as client:
        client.admin.command("ping")
        store.insert_into(client["bench"])


def uri(members: list[Mongod], options: str = "") -> str:
    hosts = ",".join(f"127.0.0.1:{one.port}" for one in members)
    return f"mongodb://{hosts}/?replicaSet=rs{options}"


def primary(members: list[Mongod]) -> Mongod:
    for one in members:
        with one.client(serverSelectionTimeoutMS=500) as client:
            try:
                if client.admin.command("hello")["isWritablePrimary"]:
                    return one
            except PyMongoError:
                continue
    pytest.fail("no primary")


def failures(activity: Activity) -> int:
    return sum(cell.count for cell in activity.current.pairs[ModelKey("openai", "a")].errors)


def before_the_first(monkeypatch, question: str, happens: Callable[[], object]) -> list[str]:
    """What happens once, before the store is asked that; filled when it has."""
    asked, ask = [], getattr(mongodb.StoreReader, question)

    def meanwhile(*given: object) -> object:
        if not asked:
            asked.append(question)
            happens()
        return ask(*given)

    monkeypatch.setattr(mongodb.StoreReader, question, meanwhile)
    return asked


def test_the_run_completes_when_the_primary_is_killed_in_the_middle(members, monkeypatch) -> None:
    killed = before_the_first(monkeypatch, "last_successes", lambda: primary(members).kill())
    activity = mongodb.collect(settings_for(uri(members), "bench"), generated.LOOKBACK)
    assert killed
    assert failures(activity) == FAILURES


def test_the_run_completes_when_the_primary_steps_down_in_the_middle(members, monkeypatch) -> None:
    def step_down() -> None:
        with primary(members).client() as client:
            client.admin.command("replSetStepDown", 30, secondaryCatchUpPeriodSecs=10)

    stepped = before_the_first(monkeypatch, "counted", step_down)
    activity = mongodb.collect(settings_for(uri(members), "bench"), generated.LOOKBACK)
    assert stepped
    assert failures(activity) == FAILURES


@pytest.mark.parametrize("question", ["listCollections", "aggregate", "find"])
@pytest.mark.parametrize("fault", [{"errorCode": 11602}, {"closeConnection": True}])
def test_a_question_that_meets_a_failover_is_asked_again(member, question, fault) -> None:
    with member.client() as client:
        client.admin.command(
            "configureFailPoint",
            "failCommand",
            mode={"times": 1},
            data={"failCommands": [question], "appName": "llm-health-check", **fault},
        )
    settings = settings_for(uri([member], "&heartbeatFrequencyMS=500"), "bench")
    assert failures(mongodb.collect(settings, generated.LOOKBACK)) == FAILURES


def test_without_a_majority_only_secondaries_can_be_read(members) -> None:
    head = primary(members)
    rest = [one for one in members if one is not head]
    head.kill()
    rest[0].kill()
    limits = Limits(failover_seconds=3)
    started = time.monotonic()
    with pytest.raises(
        SourceError, match=r"fits replicaSet and the read preference .*No replica set members match"
    ):
        mongodb.collect(settings_for(uri(members), "bench"), generated.LOOKBACK, limits)
    assert time.monotonic() - started < 20
    secondary = settings_for(uri(members, "&readPreference=secondaryPreferred"), "bench")
    assert failures(mongodb.collect(secondary, generated.LOOKBACK, limits)) == FAILURES
