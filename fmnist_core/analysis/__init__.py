"""How good a classifier is, and how sure one can be of that."""
