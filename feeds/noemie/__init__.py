"""The reader of décomptes: our own format in JSON lines, and behind it what is known of NOEMIE's blocks of 128 bytes."""

from feeds.noemie.reading import read

__all__ = ["read"]
