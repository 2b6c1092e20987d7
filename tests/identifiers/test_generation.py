import pyarrow as pa
import pytest

from parloir.identifiers import generation

NAMES = [
    ("Jean Quercy père", "senior", "Jean Quercy"),
    ("QUERCY Jr.", "junior", "QUERCY"),
    ("Quercy (fils)", "junior", "Quercy"),
    ("Quercy, Sr", "senior", "Quercy"),
    ("Anselme Quercy III", "3", "Anselme Quercy"),
    ("Junior", None, "Junior"),
    ("Fils", None, "Fils"),
    ("Ana Perefils", None, "Ana Perefils"),
    (None, None, None),
]


@pytest.mark.parametrize(("written", "told", "rest"), NAMES)
def test_generations(written, told, rest):
    texts = pa.array([written], pa.string())
    assert generation.generations(texts).to_pylist() == [told]
    assert generation.without(texts).to_pylist() == [rest]
