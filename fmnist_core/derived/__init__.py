"""What belongs to a run or the data set but is computed later, once: in the store's `.derived/`.

A result is a folder, `.derived/<run id>/<kind>-<stamp>/`, that appears by one rename when it is
complete. The stamp stands for the run's best weights and the way they are used, so that a run that
has trained on has other results; those of the data set, which never changes, lie in
`.derived/data-set/`. `<kind>.json` beside it says who computes it, and how far it is.
"""
