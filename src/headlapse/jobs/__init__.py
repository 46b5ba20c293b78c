"""Training and analysis as separate processes: started from the page, they continue when the page and the server are gone.

A job is a folder in the results folder. Its process locks it, waits until no earlier job is alive, works, and writes its
progress. Any server, also after a restart, reads the same folder.
"""

from headlapse.jobs.queue import Job, JobQueue
from headlapse.jobs.request import AnalyzeRequest, Request, TrainRequest

__all__ = ["AnalyzeRequest", "Job", "JobQueue", "Request", "TrainRequest"]
