"""On the integration machine a skipped test is a failure: a proof that silently did not run proves nothing."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

REFUSAL = "Test sauté sur la machine d'intégration : {reason}"


def strict() -> bool:
    """Whether this run may skip nothing (`CI=true`)."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure; an expected failure (`xfail`) stays one."""
    report = yield
    if strict() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = REFUSAL.format(reason=_reason(report.longrepr))
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself while it is collected."""
    report = yield
    if strict() and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = REFUSAL.format(reason=_reason(report.longrepr))
    return report


def _reason(longrepr: object) -> str:
    """The sentence of a skip, which pytest keeps as (file, line, sentence)."""
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)
