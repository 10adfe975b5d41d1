"""Five reports on Fashion-MNIST: what each claims, and what comes out when it is done again."""

from fmnist_core.reference.claims import Claim, Report
from fmnist_core.reference.measured import Measured, measure
from fmnist_core.reference.reports import REPORTS, claim_named, claims_named

__all__ = [
    "REPORTS",
    "Claim",
    "Measured",
    "Report",
    "claim_named",
    "claims_named",
    "measure",
]
