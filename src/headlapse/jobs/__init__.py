"""Training and analysis as processes of their own: started from the page, they outlive it and the server.

A job is a folder in the results folder. Its process claims it by a lock, waits until no earlier job is alive, works, and
writes how it gets on; whoever looks later, also after a restart, reads the same folder.
"""

from headlapse.jobs.queue import Job, JobQueue
from headlapse.jobs.request import AnalyzeRequest, Request, TrainRequest

__all__ = ["AnalyzeRequest", "Job", "JobQueue", "Request", "TrainRequest"]
