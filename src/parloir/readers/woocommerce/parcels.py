"""Ways of delivery, relay points and parcels.

Plugins keep relay points under names of their own, as JSON or serialised PHP. Known: WMS for Mondial Relay
and Chronopost (`_wms_…_pickup_info`), Colissimo (`_lpc_meta_pickUpLocation…`), Chronopost
(`_shipping_method_chronorelais`), Mondial Relay (`Mondial Relay Parcel Shop ID`), Shipment Tracking
(`_wc_shipment_tracking_items`). Of others a packed value with a key and a postcode is read, whatever their
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from parloir.readers.php import unpacked

_FIELDS: dict[str, tuple[str, ...]] = {
    "relay": ("pickup_id", "id", "identifiant", "num", "relay_id", "code", "pointid"),
    "relay_name": ("pickup_name", "name", "nom", "lgadr1", "label", "libelle"),
    "relay_address": ("pickup_address", "address", "adresse", "adresse1", "address1", "address_1", "lgadr3"),
    "relay_postcode": ("pickup_zipcode", "postcode", "codepostal", "cp", "zipcode", "zip", "postalcode"),
    "relay_city": ("pickup_city", "city", "localite", "ville"),
    "relay_country": ("pickup_country", "country", "codepays", "pays", "countrycode", "country_code"),
}
_CARRIERS = (
    (re.compile(r"mondial", re.I), "Mondial Relay"),
    (re.compile(r"chrono", re.I), "Chronopost"),
    (re.compile(r"_lpc_|colissimo", re.I), "Colissimo"),
    (re.compile(r"dpd", re.I), "DPD"),
    (re.compile(r"gls", re.I), "GLS"),
    (re.compile(r"relais_?colis", re.I), "Relais Colis"),
    (re.compile(r"inpost", re.I), "InPost"),
    (re.compile(r"ups", re.I), "UPS"),
)
_MONDIAL, _MONDIAL_ADDRESS = "Mondial Relay Parcel Shop ID", "Mondial Relay Parcel Shop Address"
_COLISSIMO = "_lpc_meta_pickUpLocationId"
_BESIDE = ("_lpc_meta_pickUpLocationLabel", "_lpc_meta_pickUpLocationData", _MONDIAL_ADDRESS)
_COUNTRY_AND_KEY = re.compile(r"([A-Z]{2})-(.+)")
_TRACKING = "_wc_shipment_tracking_items"
_PLAIN_TRACKING = ("_tracking_number", "tracking_number", "_aftership_tracking_number")


def parcels(key: str, value: str, told: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    """Relay points and parcels that one attribute of an order tells of, none where it is something else.

    Args:
        key: name of the attribute.
        value: as stored.
        told: the order's other attributes of this kind.
    """
    if key == _TRACKING:
        yield from _tracked(unpacked(value))
    elif key in _PLAIN_TRACKING and value.strip():
        yield {"tracking_number": value.strip()}
    elif key == _MONDIAL:
        yield _mondial_relay(value, told.get(_MONDIAL_ADDRESS))
    elif key == _COLISSIMO:
        point = _point(unpacked(told.get("_lpc_meta_pickUpLocationData")))
        name = told.get("_lpc_meta_pickUpLocationLabel") or point.get("relay_name")
        yield {"carrier": "Colissimo", **point, "relay": value.strip(), "relay_name": name}
    elif key not in _BESIDE:
        point = _point(unpacked(value))
        if point.get("relay") and point.get("relay_postcode"):
            yield {"carrier": _carrier(key), **point}


def _mondial_relay(value: str, address: str | None) -> Mapping[str, Any]:
    match = _COUNTRY_AND_KEY.fullmatch(value.strip())
    country, relay = (match[1], match[2]) if match else (None, value.strip())
    return {
        "carrier": "Mondial Relay",
        "relay": relay,
        "relay_address": address,
        "relay_country": country,
    }


def _point(held: Any) -> dict[str, str]:
    """A relay point in a dictionary, under whatever names."""
    # A list of one: PHP has no lists, only dictionaries with the keys 0, 1 and so on.
    if isinstance(held, dict) and isinstance(held.get(0), dict):
        held = held[0]
    if isinstance(held, list) and held:
        held = held[0]
    if not isinstance(held, dict):
        return {}
    plain = {str(name).lower(): _text(value) for name, value in held.items()}
    found = {
        field: next((plain[name] for name in names if plain.get(name)), None)
        for field, names in _FIELDS.items()
    }
    return {field: value for field, value in found.items() if value}


def _tracked(held: Any) -> Iterator[Mapping[str, Any]]:
    items = list(held.values()) if isinstance(held, dict) else held
    for item in items if isinstance(items, list) else []:
        if isinstance(item, dict) and (number := _text(item.get("tracking_number"))):
            provider = item.get("tracking_provider") or item.get("custom_tracking_provider")
            yield {
                "tracking_number": number,
                "carrier": _text(provider),
                "shipped_us": _seconds(item.get("date_shipped")),
            }


def _seconds(value: Any) -> int | None:
    """Seconds since 1970 as microseconds, of years that a shop can have been open in."""
    text = str(value)
    return int(text) * 1_000_000 if re.fullmatch(r"[0-9]{9,10}", text) else None


def _text(value: Any) -> str | None:
    return str(value).strip() or None if isinstance(value, str | int | float) else None


def _carrier(key: str) -> str | None:
    return next((name for pattern, name in _CARRIERS if pattern.search(key)), None)
