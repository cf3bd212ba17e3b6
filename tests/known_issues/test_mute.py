"""Known issues: what a mute hides, what it leaves, what is told of it."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scene import BUSY, NO_MONEY, NOT_FOUND, UNTIL, Fails, Scene

from healthcheck.diagnosis import Category, Finding, Severity, Status
from healthcheck.known_issues import Mute, append, apply_mutes, mute_of, read

TODAY = UNTIL.date()


@pytest.fixture
def diagnosis(tmp_path):
    """One provider without money, one dead model elsewhere, and healthy ones."""
    scene = Scene().others()
    scene.models("openai", 3, Fails(5, 0, NO_MONEY))
    scene.model("groq", "llama-3-8b", Fails(8, 0, NOT_FOUND)).model("groq", "fine")
    return scene.diagnose(tmp_path)


def test_without_mutes_nothing_changes(diagnosis):
    assert apply_mutes(diagnosis, [], TODAY).diagnosis == diagnosis


def test_a_muted_finding_leaves_the_lists_and_the_status(diagnosis):
    muting = apply_mutes(diagnosis, [Mute(provider="openai")], TODAY)
    assert [f.provider for f in muting.diagnosis.findings] == ["groq"]
    assert muting.diagnosis.status is Status.WARNING
    assert muting.diagnosis.reason.startswith("groq llama-3-8b: ")
    assert [finding.provider for finding, _ in muting.muted] == ["openai"]


def test_all_muted_is_healthy(diagnosis):
    muting = apply_mutes(diagnosis, [Mute(provider="openai"), Mute(provider="groq")], TODAY)
    assert muting.diagnosis.status is Status.HEALTHY


@pytest.mark.parametrize(
    ("mute", "hides"),
    [
        (Mute(provider="groq", model="llama-3-8b"), True),
        (Mute(provider="groq", model="llama-*"), True),
        (Mute(model="llama-*"), True),
        (Mute(category=Category.DEPRECATED_MODEL), True),
        (Mute(provider="groq", model="llama"), False),
        (Mute(provider="GROQ"), True),
        (Mute(provider="groq", category=Category.CODE_FIX), False),
    ],
)
def test_what_it_is_about(diagnosis, mute, hides):
    hidden = [finding.model for finding, _ in apply_mutes(diagnosis, [mute], TODAY).muted]
    assert hidden == (["llama-3-8b"] if hides else [])


def test_one_about_models_does_not_hide_the_provider(diagnosis):
    muting = apply_mutes(diagnosis, [Mute(provider="openai", model="*")], TODAY)
    assert muting.muted == ()
    assert len(muting.unused) == 1


def test_it_holds_on_its_last_day_and_not_after(diagnosis):
    mute = Mute(provider="groq", until=TODAY)
    assert apply_mutes(diagnosis, [mute], TODAY).muted
    after = apply_mutes(diagnosis, [mute], date(2026, 3, 11))
    assert after.muted == ()
    assert after.expired == (mute,)


def test_one_that_hides_nothing_is_told(diagnosis):
    mute = Mute(provider="nobody")
    assert apply_mutes(diagnosis, [mute], TODAY).unused == (mute,)


def test_what_is_resolved_is_hidden_as_well(tmp_path):
    scene = Scene().others().models("openai", 3, Fails(40, 25, BUSY))
    diagnosis = scene.diagnose(tmp_path)
    assert diagnosis.resolved
    assert apply_mutes(diagnosis, [Mute(provider="openai")], TODAY).diagnosis.resolved == ()


class TestFile:
    def test_all_fields(self, tmp_path):
        path = tmp_path / "known.toml"
        path.write_text(
            '[[mute]]\nprovider = "groq"\nmodel = "llama-*"\ncategory = "code_fix"\n'
            'until = 2026-04-01\nreason = "ticket 7"\n\n[[mute]]\nprovider = "openai"\n'
        )
        known = read(path)
        assert known.problems == ()
        assert known.mutes == (
            Mute("groq", "llama-*", Category.CODE_FIX, date(2026, 4, 1), "ticket 7"),
            Mute("openai"),
        )

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("[[mute]\n", "not valid TOML"),
            ("x = 1\n", "unknown key"),
            ('mute = "all"\n', "[[mute]]"),
            ("[[mute]]\nreason = 'no'\n", "no provider, model"),
            (
                "[[mute]]\nprovider = 'a'\ncategory = 'bad'\n",
                "category = 'bad' is not a category (si",
            ),
            ("[[mute]]\nprovider = 'a'\nuntil = 'soon'\n", "until = 'soon' is not a date such as"),
            ("[[mute]]\nprovider = 'a'\nuntil = 5\n", "until = 5 is not a date such as"),
            ("[[mute]]\nprovider = 7\n", "provider = 7 is not text in quotes."),
            ("[[mute]]\nprovider = 'a'\nforever = true\n", "it has an unknown key 'forever'."),
            ("mute = [1]\n", "not a table"),
        ],
    )
    def test_what_is_broken_is_told_and_mutes_nothing(self, tmp_path, text, problem):
        path = tmp_path / "known.toml"
        path.write_text(text)
        known = read(path)
        assert known.mutes == ()
        assert any(problem in sentence for sentence in known.problems)

    def test_one_broken_entry_leaves_the_others(self, tmp_path):
        path = tmp_path / "known.toml"
        path.write_text('[[mute]]\nreason = "x"\n[[mute]]\nprovider = "groq"\n')
        known = read(path)
        assert known.mutes == (Mute("groq"),)
        assert len(known.problems) == 1

    def test_bytes_that_are_no_text(self, tmp_path):
        path = tmp_path / "known.toml"
        path.write_bytes(b"\xff\xfe")
        assert len(read(path).problems) == 1

    def test_a_missing_file_and_a_folder_are_told(self, tmp_path):
        assert len(read(tmp_path / "nowhere").problems) == 1
        assert len(read(tmp_path).problems) == 1

    def test_a_device_is_not_read_to_its_end(self):
        (problem,) = read(Path("/dev/zero")).problems
        assert problem == "/dev/zero (KNOWN_ISSUES) is not a regular file, so nothing is muted."

    def test_nor_is_a_file_that_no_list_is(self, tmp_path):
        path = tmp_path / "known.toml"
        with path.open("wb") as file:
            file.truncate(10**12)
        (problem,) = read(path).problems
        assert problem == f"{path} cannot be read: it is larger than 1,000,000 bytes."

    def test_what_is_added_comes_behind_what_stands_there(self, tmp_path):
        path = tmp_path / "known.toml"
        path.write_text('# mine\n[[mute]]\nprovider = "a" # keep')
        path.chmod(0o640)
        append(path, Mute("b", "c*", until=date(2026, 4, 1), reason="x"))
        assert path.read_text().startswith('# mine\n[[mute]]\nprovider = "a" # keep\n\n[[mute]]\n')
        assert read(path).mutes == (Mute("a"), Mute("b", "c*", None, date(2026, 4, 1), "x"))
        assert path.stat().st_mode & 0o777 == 0o640

    @given(st.lists(st.text(min_size=1), min_size=3, max_size=3))
    def test_whatever_is_added_is_read_again(self, tmp_path_factory, words):
        words = [word.encode("utf-8", "replace").decode() for word in words]
        path = tmp_path_factory.mktemp("known") / "known.toml"
        mute = Mute(words[0], words[1], reason=words[2])
        append(path, mute)
        assert read(path).mutes == (mute,)


@pytest.mark.parametrize(
    "name", ["llama-3[free]", "gpt-4o[1m]", "[!x]", "a[b", "x]y", "{a,b}", "back\\slash"]
)
def test_a_model_is_muted_by_its_own_name(name):
    finding = Finding(Category.FAILING_MODEL, Severity.WARNING, "", "groq", name)
    assert Mute("groq", name).fits(finding)


def test_case_does_not_matter_as_it_does_not_in_the_names_of_models():
    finding = Finding(Category.FAILING_MODEL, Severity.WARNING, "", "groq", "Llama-3-70B")
    assert Mute("Groq", "LLAMA-3*").fits(finding)
    assert Mute("gro*", "llama-3*").fits(finding)
    assert not Mute("gro", "llama-3*").fits(finding)


def test_an_empty_last_day_is_not_forever():
    assert (
        mute_of({"provider": "groq", "until": ""}) == "until = '' is not a date such as 2026-12-31"
    )
