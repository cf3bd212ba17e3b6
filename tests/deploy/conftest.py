"""Fixtures for tests on real hosts; without what hosts need they are skipped, or fail in CI.

The tests of one Debian release share a host that was deployed to once; each boots from there anew.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import running_mongod
from deploy import host as hosts
from deploy.host import Host, Image
from deploy.machine import SUITES, lacking
from deploy.operator_values import TIMER, prepare, values
from deploy.play import Play, play
from deploy.world import World, world


@pytest.fixture(scope="session")
def machine() -> None:
    """This machine can boot hosts."""
    if missing := lacking():
        pytest.fail(f"no host can be booted here: {missing}")


@pytest.fixture(params=SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    """Each Debian release; what does not differ between them is tested on bookworm alone."""
    return request.param


# The first deploy, a run by the timer, the sandbox and a failure are seen on both on every change.
@pytest.fixture(
    params=[SUITES[0], *(pytest.param(each, marks=pytest.mark.nightly) for each in SUITES[1:])]
)
def usual_suite(request: pytest.FixtureRequest) -> str:
    """Likewise, the newer ones in the nightly run alone, because each of these plays takes long."""
    return request.param


@pytest.fixture(scope="session")
def the_world(machine, tmp_path_factory) -> Iterator[World]:
    """What hosts talk to."""
    with (
        running_mongod() as mongod,
        world(mongod.uri, tmp_path_factory.mktemp("world")) as running,
    ):
        yield running


Boot = Callable[..., Host]


@pytest.fixture
def boot(machine) -> Iterator[Boot]:
    """Boots hosts; they are up until the test's report is written."""
    with ExitStack() as stack:

        def boot(image: Image, name: str = "testhost", **options) -> Host:
            return stack.enter_context(Host(image, name, **options))

        yield boot


@pytest.fixture
def blank(boot, the_world) -> Callable[[str], Host]:
    """Boots a host where the benchmark service is, and nothing of ours."""

    def blank(suite: str = "bookworm", name: str = "testhost") -> Host:
        host = boot(Image.blank(suite), name)
        prepare(host, the_world)
        return host

    return blank


@dataclass(frozen=True)
class Deployed:
    """A host after its first deploy, to boot from."""

    image: Image
    first: Play


@pytest.fixture(scope="session")
def deployed(the_world, operator) -> Iterator[Callable[[str], Deployed]]:
    """Returns the deployed host of a Debian release; deploys to it once."""
    made: dict[str, Deployed] = {}
    with ExitStack() as stack:

        def deployed(suite: str) -> Deployed:
            if suite not in made:
                host = stack.enter_context(Host(Image.blank(suite)))
                prepare(host, the_world)
                first = play(host, **operator).succeeded()
                made[suite] = Deployed(host.image_of_now(), first)
            return made[suite]

        yield deployed


@pytest.fixture
def converged(boot, deployed) -> Callable[[str], Host]:
    """Boots a host as the first deploy has left it."""

    def converged(suite: str = "bookworm", name: str = "testhost") -> Host:
        return boot(deployed(suite).image, name)

    return converged


@pytest.fixture
def quiet(converged) -> Callable[[str], Host]:
    """Likewise, and 08:00 may come while the test is running."""

    def quiet(suite: str = "bookworm") -> Host:
        host = converged(suite)
        host.run(f"systemctl stop {TIMER}")
        return host

    return quiet


@pytest.fixture(scope="session")
def operator(the_world) -> dict[str, object]:
    """What the operator of these hosts gives to the role."""
    return values(the_world)


def pytest_collection_modifyitems(config, items):
    """Where no host can be booted, one test is skipped for all."""
    ours = [item for item in items if Path(__file__).parent in item.path.parents]
    # Those of one release side by side, so that few workers have to deploy to each first; and the
    # files from the last to the first, because the last ones take longest.
    items.sort(key=_release_and_file, reverse=True)
    booting = [item for item in ours if "machine" in item.fixturenames]
    if booting and os.environ.get("CI") != "true" and (missing := lacking()):
        reason = f"no host can be booted here: {missing}"
        # One stands for all, so that one line says it.
        booting[0].add_marker(pytest.mark.skip(reason=reason))
        config.hook.pytest_deselected(items=booting[1:])
        items[:] = [item for item in items if item not in booting[1:]]


def _release_and_file(item: pytest.Item) -> tuple[str, str]:
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return params.get("suite", ""), item.path.name


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails shows what the units of its hosts have written."""
    report = yield
    if report.failed:
        for host in hosts.running:
            journal = host.run("journalctl --no-pager -n 120 -u 'llm-health-check*'", check=False)
            report.sections.append((f"journal of {host.name}", journal.stdout + journal.stderr))
    return report
