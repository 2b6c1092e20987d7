"""The values that parameters are swept over: one at a time, or all that are assumed at once."""

from __future__ import annotations

from parloir.errors import InputError
from parloir.simulation import catalogue_of_parameters

OUTLOOKS = {"pessimistic": -1, "optimistic": 1}
"""Which end of their ranges the assumed parameters are moved towards."""
HELPFUL = (
    "people.circle_mean", "people.approved", "people.visits_per_month", "people.official_calls_per_week",
    "handsets.known_number", "handsets.circle_called", "handsets.session_records", "searches.own_prison_cell",
    "searches.named_holder", "searches.contents_read", "shop.buyer_visits", "shop.imei_told",
    "radio.asked_share", "radio.wide_area_prisons",
)  # fmt: skip
"""Assumed parameters of which more makes it easier."""
HARMFUL = (
    "people.second_number", "people.name_variant", "people.name_typo", "people.number_typo",
    "people.number_absent", "people.register_row_absent", "people.gang_share", "people.family_share",
    "handsets.never_on", "handsets.cloned", "handsets.rewritten", "handsets.borrowed", "handsets.rented",
    "handsets.resold", "handsets.other_contacts", "handsets.common_numbers", "handsets.jammed_prisons",
    "searches.named_wrongly", "searches.imei_unread", "searches.imei_mistyped", "shop.guest",
    "shop.pseudonym", "shop.phone_absent", "shop.gift", "shop.relay", "shop.other_buyers",
    "outside.residents_per_inmate",
    "outside.homebound", "outside.passers_per_inmate_day", "outside.overlap_contacts", "radio.fading_db",
    "radio.load_db", "radio.outages_per_area", "records.clock_wrong", "records.lost", "records.doubled",
    "records.imei_absent",
)  # fmt: skip
"""Assumed parameters of which more makes it harder."""


def values_of(parameter: str, count: int = 3) -> list[float]:
    """Values over the range of a parameter, evenly, both ends among them.

    Raises:
        InputError: no such parameter.
    """
    for known in catalogue_of_parameters():
        if known.name == parameter:
            step = (known.high - known.low) / max(count - 1, 1)
            return [round(known.low + k * step, 6) for k in range(count)]
    raise InputError(f"there is no parameter “{parameter}”", do="write section.name as parameters.toml does")


def outlook(name: str) -> dict[str, str]:
    """Every assumed parameter that helps or harms, half-way to its worse or its better end.

    Args:
        name: of `OUTLOOKS`.

    Raises:
        InputError: no such outlook.
    """
    if name not in OUTLOOKS:
        raise InputError(f"there is no outlook “{name}”", do=f"write {' or '.join(OUTLOOKS)}")
    found = {}
    for known in catalogue_of_parameters():
        sign = OUTLOOKS[name] * ((known.name in HELPFUL) - (known.name in HARMFUL))
        if sign:
            end = known.high if sign > 0 else known.low
            found[known.name] = f"{(known.value + end) / 2:g}"
    return found
