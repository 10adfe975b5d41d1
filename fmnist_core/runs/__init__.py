"""Runs as folders: the store, what a run's files hold, and how they are written and read."""
