"""W3C trace context, carried from HTTP to the last consumer: one trace id for one act."""

import re
import secrets

PATTERN = re.compile(r"^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$")


def accept(traceparent: str | None) -> str:
    """The caller's trace with a new span, or a new trace when the header is absent or malformed."""
    match = PATTERN.match(traceparent or "")
    trace = match.group(1) if match and set(match.group(1)) != {"0"} else secrets.token_hex(16)
    return f"00-{trace}-{secrets.token_hex(8)}-01"


def trace_id(traceparent: str) -> str:
    """The 32 hexadecimal digits shared by everything one act caused."""
    return traceparent[3:35]
