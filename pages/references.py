"""References: what five reports on Fashion-MNIST claim, and what comes out here."""

from fmnist_core.reference import REPORTS, measure
from ui import cache, queue
from ui.layout import begin_page, friendly_errors
from ui.references import choose_report, draw_report, overview

begin_page(
    "References",
    "What five reports on Fashion-MNIST claim, and what comes out when it is done again here.",
)

with friendly_errors():
    rows = cache.run_store().summaries()
    queue.keep_working(rows)
    measured = [measure(claim, rows) for report in REPORTS for claim in report.claims]
    overview(measured)
    draw_report(choose_report(measured), rows)
