from datetime import timedelta
from pathlib import Path

import pytest
import trustme
from days import day_of, day_of_scene, settings_of
from scene import STRANGE, Fails, Scene
from scripted import Script

import healthcheck
from healthcheck.activity import Lookback
from healthcheck.assessment import assess
from healthcheck.sources import snapshot


@pytest.fixture(scope="session")
def one_authority(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "authority.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="module", autouse=True)
def few_authorities(one_authority):
    """To read those of the machine takes each client of these hundreds longer than to ask."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(one_authority))
        yield


@pytest.fixture(scope="session")
def sample_day():
    """The packaged sample day: critical, with findings of all sorts."""
    folder = Path(healthcheck.__file__).parent / "sample"
    until = snapshot.window_end(folder)
    return day_of(snapshot.collect(folder, Lookback(until, timedelta(days=1))))


@pytest.fixture(scope="session")
def healthy_day(tmp_path_factory):
    """Nothing is the matter."""
    return day_of_scene(Scene().others().catalog(), tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="session")
def odd_day(tmp_path_factory):
    """Healthy by the rules; `groq odd` failed twice at the end, and no rule knows why."""
    scene = Scene().others().models("groq", 4).model("groq", "odd", Fails(2, 0, STRANGE))
    return day_of_scene(scene.catalog(), tmp_path_factory.mktemp("odd"))


@pytest.fixture
def scripted(httpserver):
    """Makes the server answer by a script."""

    def script(*responses) -> Script:
        made = Script(list(responses))
        httpserver.expect_request("/v1/responses", method="POST").respond_with_handler(made)
        return made

    return script


@pytest.fixture
def settings(httpserver):
    return settings_of(httpserver.url_for("/v1"))


@pytest.fixture
def assessed(scripted, settings):
    """The report of a day after the server has answered as told."""

    def make(day, *responses):
        script = scripted(*responses)
        return assess(day.report, settings), script

    return make
