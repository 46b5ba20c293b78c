"""Tests share the machine with each other and with other work: their threads are few and sleep while they wait.

OpenMP reads this when torch is loaded, here and in every process that a test starts. What the user has set counts.
"""

import os

for name, value in {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}.items():
    os.environ.setdefault(name, value)
