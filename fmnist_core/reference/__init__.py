"""Five reports on Fashion-MNIST: what each claims, and what comes out when it is done again."""

from fmnist_core.reference.claims import REPORTS, Claim, Report, claim_named, claims_named
from fmnist_core.reference.measured import Measured, measure

__all__ = [
    "REPORTS",
    "Claim",
    "Measured",
    "Report",
    "claim_named",
    "claims_named",
    "measure",
]
