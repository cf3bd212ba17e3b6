"""Laws of the shared .env, whatever stands in it: nothing of the neighbor's is lost, nothing is defined twice."""

from deploy.parts import part_of_the_role
from hypothesis import given
from hypothesis import strategies as st

shared_env = part_of_the_role("module_utils/llm_health_check_env.py")

NAMES = st.sampled_from(["MONGODB_URI", "OPENAI_API_KEY", "NOTIFY_EMAIL", "OPENAI_MODEL", "A"])
LINES = st.one_of(
    st.builds("{}='{}'".format, NAMES, st.integers()),
    st.builds("export {}={}  # theirs".format, NAMES, st.integers()),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
).map(str.encode)
FOREIGN = st.lists(st.tuples(LINES, st.sampled_from([b"\n", b"\r\n", b"\n\n"])), max_size=6).map(
    lambda lines: b"".join(line + end for line, end in lines).rstrip(b"\n")
)
OURS = st.dictionaries(NAMES, st.integers(0, 9), max_size=5).map(
    lambda values: {name: f"{name}='{value}'".encode() for name, value in values.items()}
)


def written(before: bytes | None, lines: dict[str, bytes]) -> bytes:
    return shared_env.SharedEnv(before or b"").with_lines(lines, new=before is None)


@given(st.none() | FOREIGN, OURS)
def test_every_byte_outside_the_block_stays_and_a_second_time_changes_nothing(before, lines):
    once = written(before, lines)
    assert shared_env.SharedEnv(once).foreign == (before or b"")
    assert written(once, lines) == once


@given(st.none() | FOREIGN, OURS, OURS)
def test_the_block_is_what_is_given_and_not_defined_outside_whatever_it_was(before, first, second):
    split = shared_env.SharedEnv(written(written(before, first), second))
    outside = split.names_outside()
    assert shared_env.lines_by_name(split.block) == {
        name: line for name, line in second.items() if name not in outside
    }


@given(FOREIGN, OURS, OURS)
def test_people_see_names_and_whether_a_value_changes_and_no_value(before, first, second):
    old = shared_env.SharedEnv(written(before, first)).block
    new = shared_env.SharedEnv(written(before, second)).block
    lines = [shared_env.lines_by_name(block) for block in (old, new)]
    shown = shared_env.names_only(new, old)
    assert dict(line.split("=", 1) for line in shown.splitlines()) == {
        name: "(another value)" if lines[0].get(name, line) != line else "(a value)"
        for name, line in lines[1].items()
    }
