"""What customers typed into the shop: slips, Arabic script, pseudonyms, hostile strings, others' names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from parloir.simulation.addresses import Addresses, mail
from parloir.simulation.names import Slips, document, lexicon, written
from parloir.simulation.numbers import misdialled, national
from parloir.simulation.parameters import Parameters
from parloir.simulation.shop import Buyers, Orders
from parloir.simulation.streams import Ints, mix, stream
from parloir.simulation.times import local


@dataclass(frozen=True)
class Sales:
    """The shop's year: customers with the names they gave, and their orders.

    Attributes:
        family, given, email, phone: as typed, by buyer.
        receiver: family and given name on the parcel, by order.
    """

    p: Parameters
    buyers: Buyers
    orders: Orders
    addresses: Addresses
    family: list[str]
    given: list[str]
    email: list[str]
    phone: list[str]
    receiver: list[tuple[str, str]]


def typed(p: Parameters, buyers: Buyers, orders: Orders, addresses: Addresses) -> Sales:
    """What customers typed: slips, Arabic script, pseudonyms, hostile strings, other people's names."""
    rng, book, lists = stream(p.seed, "typed"), lexicon(), document()
    slips = Slips(p.error("people.name_variant"), 1.5 * p.error("people.name_typo"), 0.02)
    family, given = (
        written(book.families, buyers.family, rng, slips),
        written(book.given, buyers.given, rng, slips),
    )
    words, hostile, hosts = lists["pseudonym_words"], lists["hostile"], lists["mail_hosts"]
    dice = rng.random((buyers.count, 3))
    email = []
    for i in range(buyers.count):
        own = int(buyers.person[i])
        key = own if own >= 0 and dice[i, 0] < 0.65 else int(mix(np.array([i]), p.seed)[0] % 900_000)
        name = (book.families[int(buyers.family[i])].name, book.given[int(buyers.given[i])].name)
        if buyers.pseudonym[i]:
            family[i], given[i] = words[int(dice[i, 1] * len(words))], words[int(dice[i, 2] * len(words))]
            name = (given[i], words[key % len(words)]) if dice[i, 0] > 0.4 else name
        email.append(mail(*name, key, hosts[key % len(hosts)]))
    for k, i in enumerate(rng.choice(buyers.count, min(len(hostile), buyers.count), replace=False).tolist()):
        family[i] = hostile[k][:32]
    number = misdialled(buyers.number, rng, p.error("people.number_typo"))
    told = rng.random(buyers.count) >= p.missing("shop.phone_absent")
    phone = national(number, rng.integers(0, 5, buyers.count))
    phone = [n if t else "" for n, t in zip(phone, told.tolist(), strict=True)]
    gifts = written(book.given, rng.integers(0, len(book.given), orders.count), rng, slips)
    others = written(book.families, rng.integers(0, len(book.families), orders.count), rng, slips)
    receiver = [
        (others[n], gifts[n]) if orders.gift[n] else (family[b], given[b])
        for n, b in enumerate(orders.buyer.tolist())
    ]
    return Sales(p, buyers, orders, addresses, family, given, email, phone, receiver)


def moments(times: Ints) -> list[str]:
    """Shop-local times as MySQL writes them."""
    return [
        t.replace("T", " ")
        for t in np.datetime_as_string((local(times) // 1_000_000).astype("datetime64[s]"))
    ]
