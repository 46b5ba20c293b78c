"""Tests share the machine with each other and with other work: their threads are few and sleep while they wait.

OpenMP reads this when torch is loaded, here and in every process that a test starts. What the user has set counts.
"""

import os

from headlapse.system.openmp import limit_spinning

os.environ.setdefault("OMP_NUM_THREADS", "1")
limit_spinning(shared=True)
