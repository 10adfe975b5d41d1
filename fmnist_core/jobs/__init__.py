"""Running experiments in the background: the queue, the supervisor, executors and the worker."""

from fmnist_core.jobs.queue import ensure_supervisor, launch, mark_in_use, train, wait

__all__ = ["ensure_supervisor", "launch", "mark_in_use", "train", "wait"]
