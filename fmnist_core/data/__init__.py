"""The data set: its four files, and which of its images train, validate and test."""
