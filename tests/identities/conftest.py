"""A small fictitious town in two registers."""

import random
from dataclasses import dataclass

import pyarrow as pa
import pytest

GIVEN = (  # noqa: SIM905 - a list of words
    "Adèle Ahmed Alain Amel Arthur Aya Bruno Camille Carole Chloé Claire Damien David Driss Élise "
    "Emma Éric Fabien Farid Fatou Gaëlle Gilles Hana Hugo Igor Inès Jeanne Jules Karim Kenza Laure "
    "Léa Luc Lina Malik Manon Marc Maud Nabil Nora Noé Oscar Océane Paula Pascal Quentin Rachid Rosa "
    "Samir Sonia Simon Tania Théo Ugo Vera Victor Wanda Xavier Yann Zoé"
).split()
STEMS = "Bar Cor Dul Fer Gar Hol Lam Mer Nov Par Rou Sal Tour Val Ver".split()  # noqa: SIM905
ENDS = "bier dat fort gnac lier meau ner rand sset vac".split()  # noqa: SIM905


@dataclass
class Town:
    """Rows of two registers; `person` tells who is who."""

    left: list
    right: list

    def tables(self):
        return pa.Table.from_pylist(self.left), pa.Table.from_pylist(self.right)


def slip(draw, text):
    place = draw.randrange(1, len(text))
    return text[:place] + draw.choice("aeinrst") + text[place + 1 :]


def person(draw, number):
    birth = f"{draw.randint(1, 28):02d}/{draw.randint(1, 12):02d}/{draw.randint(1945, 2004)}"
    return {
        "nom": draw.choice(STEMS) + draw.choice(ENDS),
        "prénom": draw.choice(GIVEN),
        "date de naissance": birth,
        "téléphone": f"06 39 98 {number // 100:02d} {number % 100:02d}",
        "adresse": f"{draw.randint(1, 90)} rue {draw.choice(STEMS)}{draw.choice(ENDS)}",
        "cp": f"{31000 + 100 * draw.randint(0, 20)}",
        "person": str(number),
    }


@pytest.fixture
def town():
    def made(size=300, seed=1):
        draw = random.Random(seed)  # noqa: S311
        left, right = [], []
        family = {}
        for number in range(size):
            who = person(draw, number)
            if number % 4 == 1:
                who |= {field: family[field] for field in ("nom", "adresse", "cp")}
            family = who
            if number % 3 != 2:
                left.append(dict(who))
            if number % 3 != 0:
                other = dict(who)
                if draw.random() < 0.2:
                    other["nom"] = slip(draw, other["nom"])
                if draw.random() < 0.2:
                    other["téléphone"] = None
                if draw.random() < 0.2:
                    other["adresse"] = f"{draw.randint(1, 90)} rue {draw.choice(STEMS)}{draw.choice(ENDS)}"
                right.append(other)
        return Town(left, right)

    return made
