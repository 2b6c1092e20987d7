import re

import pytest

from parloir.identifiers.person_name import fold, parse, similarity
from parloir.identifiers.short_forms import pattern

SHORT = """Mie=Marie Jn=Jean Fçois=François Fçoise=Françoise Margte=Marguerite Jph=Joseph Guill.=Guillaume
Barth.=Barthélémy Abdelk.=Abdelkader J-Ph.=Jean-Philippe Med=Mohamed Mhd=Mouhammed Mohd=Mohammed Med=محمد
Jacq.=Jacques Jn=Jean-Baptiste Pre=Pierre"""
OTHERS = """Mie=Michel Anne=Antoinette Ali=Abdelkarim Jn=Joseph J=Jean Med=Mehdi Med=Ahmed Marie=Marie-Claude
Abdelkader=Abdelkader-Amine Barth=Bernard"""


def fits(pair):
    short, _, whole = pair.partition("=")
    return bool(re.fullmatch(pattern(fold(short)) or "(?!)", fold(whole)))


@pytest.mark.parametrize("pair", SHORT.split())
def test_short_forms(pair):
    assert fits(pair)


@pytest.mark.parametrize("pair", OTHERS.split())
def test_other_names(pair):
    assert not fits(pair)


def test_a_son_of_is_one_word_with_the_name_in_either_script():
    assert similarity(parse("ولد عباس", "يوسف"), parse("Ould Abbes", "Youcef")) > 0.9
    assert similarity(parse("بن سالم", "علي"), parse("Ben Salem", "Ali")) > 0.9
    assert parse("Ould Abbes", None).family == ("ouldabbes",)
