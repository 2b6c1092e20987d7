"""The kinds of evidence on who holds a handset, one file each.

`KINDS` are those with strata and levels; `correspondents` is weighed number by number.
"""

from parloir.holders.kinds.absences import Absences
from parloir.holders.kinds.acquisition import Acquisition
from parloir.holders.kinds.company import Before, Fellows, Sections
from parloir.holders.kinds.correspondents import (
    Common,
    Known,
    NumberEvidence,
    draws,
    number_evidence,
)
from parloir.holders.kinds.ends import Ends
from parloir.holders.kinds.found import Found, Named
from parloir.holders.kinds.kind import Company, Kind, Scale, Seizure, View
from parloir.holders.kinds.legal_calls import LegalCalls
from parloir.holders.kinds.lending import Draws, Mixture
from parloir.holders.kinds.sensors import Sensors
from parloir.holders.kinds.stays import Stays
from parloir.holders.kinds.talked import Talked

ACQUISITION = Acquisition()
KINDS: tuple[Kind, ...] = (
    Stays(),
    Ends(),
    ACQUISITION,
    Absences(),
    LegalCalls(),
    Found(),
    Named(),
    Sensors(),
    Before(),
    Fellows(),
    Sections(),
)
OWN_DOING = (Absences,)
"""Kinds whose level is the user's own doing: their parameters are the chances of each level, whatever others
show. Those of the other kinds say how many times likelier the user shows a level than anybody else there."""
OF_COMPANY = (Before, Fellows, Sections)
"""Kinds that rest on what the others are."""

__all__ = [
    "ACQUISITION",
    "KINDS",
    "OF_COMPANY",
    "OWN_DOING",
    "Common",
    "Company",
    "Draws",
    "Fellows",
    "Kind",
    "Known",
    "Mixture",
    "NumberEvidence",
    "Scale",
    "Seizure",
    "Talked",
    "View",
    "draws",
    "number_evidence",
]
