"""The challenge set: a class's own pictures with their true classes, on which runs are tested."""

from fmnist_core.challenge.archive import Imported, export_zip, import_zip
from fmnist_core.challenge.entry import ChallengeEntry
from fmnist_core.challenge.evaluation import evaluate
from fmnist_core.challenge.store import ChallengeSet, challenge_root

__all__ = [
    "ChallengeEntry",
    "ChallengeSet",
    "Imported",
    "challenge_root",
    "evaluate",
    "export_zip",
    "import_zip",
]
