"""Alembic's environment: the same for every service."""

from chassis.migrate import run

run()
