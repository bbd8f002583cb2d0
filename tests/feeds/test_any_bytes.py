"""Whatever bytes come, the reader reports and never raises; and altered files never tell facts that the file does not hold whole."""

from io import BytesIO

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.dsn import Ignored, Refused, Taken, read
from tests.feeds.files import LOT, MONTHLY, outcomes

LINES = sorted({*LOT.splitlines(), *MONTHLY.splitlines()})
CODES = sorted({line[:14] for line in LINES})

values = st.one_of(
    st.sampled_from([line[16:-1] for line in LINES]),
    st.text(st.characters(max_codepoint=255), max_size=20).map(lambda text: text.encode("latin-1")),
    st.text("0123456789", max_size=16).map(str.encode),
)
invented = st.builds(lambda code, value: code + b",'" + value + b"'", st.sampled_from(CODES), values)
noise = st.one_of(st.sampled_from(LINES), invented, st.binary(max_size=300))


@given(st.binary(max_size=2000))
def test_any_bytes_are_reported(content: bytes) -> None:
    told = outcomes(content)
    assert all(isinstance(outcome, Refused) and outcome.flaws for outcome in told)
    assert told


@given(st.lists(noise, max_size=60), st.sampled_from([b"\n", b"\r\n"]))
def test_any_lines_of_the_norm_are_reported(lines: list[bytes], end: bytes) -> None:
    for outcome in read(BytesIO(end.join(lines))):
        assert isinstance(outcome, Taken | Refused | Ignored)


@settings(max_examples=200)
@given(st.sampled_from([LOT, MONTHLY]), st.data())
def test_a_file_altered_anywhere_is_taken_or_reported(content: bytes, data: st.DataObject) -> None:
    lines = content.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place : place + data.draw(st.integers(0, 2))] = data.draw(st.lists(noise, max_size=2))
    for outcome in outcomes(b"\n".join(lines)):
        if isinstance(outcome, Refused):
            assert outcome.flaws
            assert all(flaw.line <= len(b"\n".join(lines).split(b"\n")) for flaw in outcome.flaws)


@settings(max_examples=200)
@given(st.sampled_from([LOT, MONTHLY]), st.data())
def test_a_value_altered_anywhere_is_taken_or_reported(content: bytes, data: st.DataObject) -> None:
    lines = content.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = lines[place][:14] + b",'" + data.draw(values) + b"'"
    assert all(getattr(outcome, "flaws", True) for outcome in outcomes(b"\n".join(lines)))


@given(st.integers(0, len(MONTHLY) - 1))
def test_a_file_cut_anywhere_tells_nothing(kept: int) -> None:
    told = outcomes(MONTHLY[:kept])
    if kept >= len(MONTHLY) - 2:  # only the last line end is missing: the file is whole
        return
    assert not any(isinstance(outcome, Taken) for outcome in told)
