"""Figures for operators, one registry a service so that several can share a process."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest


class Metrics:
    """What is counted. Labels are routes and event names, never identifiers."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter("affilia_requests_total", "Requests answered", ("route", "status"), registry=self.registry)
        self.latency = Histogram("affilia_request_seconds", "Time to answer", ("route",), registry=self.registry)
        self.relayed = Counter("affilia_events_relayed_total", "Facts handed over", registry=self.registry)
        self.applied = Counter("affilia_events_applied_total", "Facts applied", ("event",), registry=self.registry)
        self.failed = Counter("affilia_events_failed_total", "Tries that failed", ("event",), registry=self.registry)
        self.task_failures = Counter("affilia_task_failures_total", "Tasks of the worker that failed", ("task",), registry=self.registry)
        self.parked = Gauge("affilia_events_parked", "Facts parked, to be replayed", registry=self.registry)
        self.waiting = Gauge("affilia_inbox_waiting", "Facts received and not applied yet", registry=self.registry)
        self.unsent = Gauge("affilia_outbox_unsent", "Facts told and not handed over yet", registry=self.registry)

    def render(self) -> bytes:
        """The Prometheus text format."""
        return generate_latest(self.registry)
