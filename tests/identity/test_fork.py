"""A web server forks its workers after the platform has hashed its first password: theirs are hashed too."""

import subprocess
import sys

FORKED = """
import os
from services.identity.models import hashing
kept = hashing.hashed("Terrasse-Soleil-2026")
child = os.fork()
if child == 0:
    os._exit(0 if hashing.matches(kept, "Terrasse-Soleil-2026") else 1)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


def test_a_forked_process_hashes_on_threads_of_its_own():
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", FORKED], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
