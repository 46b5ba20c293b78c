"""Put every fault into every operation on the disk in a job's folder: while it is submitted, works, or is cancelled.

`python -m tests.crash.jobs --jobs 2 --plant` prints the figures. What a job does to its variant is tried by
`tests.crash.harness`.
"""

from __future__ import annotations

import sys

from tests.crash.harness import main
from tests.crash.job_oracle import job_subjects

if __name__ == "__main__":
    sys.exit(main(job_subjects, __doc__, {}))
