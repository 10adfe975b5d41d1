"""The Classify page: where a picture comes from, what becomes of it, what networks say to it."""
