"""Laws of the shared .env, whatever stands in it: nothing of the neighbour's is lost, nothing is said twice."""

from deploy.parts import part_of_the_role
from hypothesis import given
from hypothesis import strategies as st

shared_env = part_of_the_role("module_utils/shared_env.py")

NAMES = st.sampled_from(["MONGODB_URI", "OPENAI_API_KEY", "NOTIFY_EMAIL", "HTTPS_PROXY", "A"])
LINES = st.one_of(
    st.builds("{}='{}'".format, NAMES, st.integers()),
    st.builds("export {}={}  # theirs".format, NAMES, st.integers()),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
).map(str.encode)
FOREIGN = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n", b"\n\n"])), max_size=6).map(
    lambda lines: b"".join(line + end for line, end in lines).rstrip(b"\n")
)
GIVEN = st.dictionaries(NAMES, st.integers(0, 9), max_size=5)


def settings(values: dict[str, int], carried: dict[str, int] | None = None):
    lines = "".join(f"{name}='{value}'\n" for name, value in values.items())
    return shared_env.Settings(
        block=b"# BEGIN llm-health-check\n" + lines.encode() + b"# END llm-health-check\n",
        private={"HTTPS_PROXY"},
        own_header=b"# ours\n",
        carried={k: f"{k}='{v}'".encode() for k, v in (carried or {}).items()},
    )


@given(st.none() | FOREIGN, GIVEN)
def test_every_byte_outside_the_block_stays_and_a_second_time_changes_nothing(before, values):
    once = shared_env.written(before, None, settings(values))
    assert shared_env.SharedEnv(once[0]).foreign == (before or b"")
    assert shared_env.written(*once, settings(values)) == once


@given(st.none() | FOREIGN, GIVEN)
def test_a_variable_stands_in_the_block_or_outside_or_in_our_own_file_and_has_the_given_value(
    before, values
):
    shared, own = shared_env.written(before, None, settings(values))
    split = shared_env.SharedEnv(shared)
    outside, private = split.names_outside(), shared_env.lines_by_name(own)
    assert not split.lines().keys() & (outside | private.keys() | {"HTTPS_PROXY"})
    for name, value in values.items():
        assert {**split.lines(), **private}[name] == f"{name}='{value}'".encode()


@given(st.none() | FOREIGN, FOREIGN, GIVEN, GIVEN)
def test_what_is_not_given_any_more_keeps_its_value_wherever_the_neighbour_defines_it(
    before, later, first, second
):
    shared, own = shared_env.written(before, None, settings(first))
    theirs = shared_env.SharedEnv(shared).block + later
    shared, own = shared_env.written(theirs, own, settings(second))
    ours = {**shared_env.SharedEnv(shared).lines(), **shared_env.lines_by_name(own)}
    for name, value in {**first, **second}.items():
        assert ours[name] == f"{name}='{value}'".encode()


@given(FOREIGN, GIVEN, GIVEN)
def test_another_shared_file_takes_the_values_along(other, first, second):
    shared, own = shared_env.written(b"A=1\n", None, settings(first))
    carried = {
        name: int(line.split(b"'")[1])
        for name, line in shared_env.SharedEnv(shared).lines().items()
    }
    moved = shared_env.written(other, own, settings(second, carried))
    ours = {**shared_env.SharedEnv(moved[0]).lines(), **shared_env.lines_by_name(moved[1])}
    for name, value in {**first, **second}.items():
        assert ours[name] == f"{name}='{value}'".encode()
    assert shared_env.written(*moved, settings(second)) == moved


@given(st.none() | FOREIGN, GIVEN, GIVEN)
def test_people_see_names_and_whether_a_value_changes_and_no_value(before, first, second):
    old, _ = shared_env.written(before, None, settings(first))
    new, _ = shared_env.written(old, None, settings(second))
    blocks = [shared_env.SharedEnv(text).block for text in (old, new)]
    shown = shared_env.names_only(blocks[1], blocks[0])
    told = dict(line.split("=", 1) for line in shown.splitlines())
    lines = [shared_env.lines_by_name(block) for block in blocks]
    assert told == {
        name: "(another value)" if lines[0].get(name, line) != line else "(a value)"
        for name, line in lines[1].items()
    }


@given(st.lists(st.sampled_from(["/opt/a/.env", "/srv/b c/.env"])))
def test_the_places_of_our_blocks_are_remembered(paths):
    assert shared_env.places(b"# ours\n" + shared_env.places_text(paths)) == sorted(set(paths))
