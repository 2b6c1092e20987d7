"""National numbers of persons that carry check digits: what tells them from any other number.

France: NIR (décret 82-103, 97 − number mod 97). Belgium: rijksregisternummer (97 − number mod 97, with a 2
before for births from 2000 on). Spain: DNI and NIE (letter by number mod 23). Italy: codice fiscale (by its
form). Brazil: CPF (two digits mod 11). Poland: PESEL. Portugal: NIF. Netherlands: BSN. Romania: CNP. Turkey:
T.C. kimlik no.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
"""Of DNI and NIE, by the remainder."""
ENOUGH, MOST = 5, 0.8
"""Texts below which check digits may be right by chance; share of right ones that tells a country's rule."""
_FISCAL = r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]"


def mostly(texts: Sequence[str]) -> bool:
    """Whether texts are national numbers of one country: four in five or more have the right check digits."""
    signs = [re.sub(r"[ .\-/]", "", text.strip().upper()) for text in texts]
    return len(texts) >= ENOUGH and any(
        sum(bool(form.fullmatch(one)) and right(one) for one in signs) >= MOST * len(signs)
        for form, right in _NUMBERS
    )


def _mod_11(digits: str, weights: range) -> int:
    """11 less the weighted sum's remainder; 10 and 11 are 0."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11
    return 0 if rest > 9 else rest


def _nir(signs: str) -> bool:
    number = int(signs[:13].replace("2A", "19").replace("2B", "18"))
    return 97 - number % 97 == int(signs[13:])


def _belgian(signs: str) -> bool:
    return int(signs[9:]) in {97 - int(signs[:9]) % 97, 97 - int(f"2{signs[:9]}") % 97}


def _spanish(signs: str) -> bool:
    number = signs[:-1].replace("X", "0").replace("Y", "1").replace("Z", "2")
    return _LETTERS[int(number) % 23] == signs[-1]


def _brazilian(signs: str) -> bool:
    first, second = _mod_11(signs, range(10, 1, -1)), _mod_11(signs, range(11, 1, -1))
    return signs[9:] == f"{first}{second}" and len(set(signs)) > 1


def _polish(signs: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(signs[:10], (1, 3, 7, 9) * 3, strict=False))
    return (total + int(signs[10])) % 10 == 0


def _portuguese(signs: str) -> bool:
    return _mod_11(signs, range(9, 1, -1)) == int(signs[8])


def _dutch(signs: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(signs, range(9, 1, -1), strict=False))
    return (total - int(signs[8])) % 11 == 0


def _romanian(signs: str) -> bool:
    total = sum(int(digit) * int(weight) for digit, weight in zip(signs, "279146358279", strict=False)) % 11
    return (1 if total == 10 else total) == int(signs[12])


def _turkish(signs: str) -> bool:
    digits = [int(digit) for digit in signs]
    tenth = (7 * sum(digits[0:9:2]) - sum(digits[1:8:2])) % 10
    return digits[9] == tenth and digits[10] == sum(digits[:10]) % 10


_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], bool]], ...] = tuple(
    (re.compile(form), right)
    for form, right in (
        (r"[1-478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", _nir),
        (r"[0-9]{11}", _belgian),
        (r"[0-9]{8}[A-Z]|[XYZ][0-9]{7}[A-Z]", _spanish),
        (_FISCAL, bool),
        (r"[0-9]{11}", _brazilian),
        (r"[0-9]{11}", _polish),
        (r"[1-35689][0-9]{8}", _portuguese),
        (r"[0-9]{9}", _dutch),
        (r"[1-9][0-9]{12}", _romanian),
        (r"[1-9][0-9]{10}", _turkish),
    )
)
