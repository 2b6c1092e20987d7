import pytest

from parloir.identifiers.national_number import mostly

RIGHT = {
    "NIR": "1 84 12 76 451 089 46",
    "rijksregister": "85.07.30-033 28",
    "DNI": "12345678Z",
    "NIE": "X1234567L",
    "codice fiscale": "RSSMRA85T10A562S",
    "CPF": "529.982.247-25",
    "PESEL": "44051401359",
    "NIF": "123456789",
    "BSN": "111222333",
    "CNP": "1800101221144",
    "T.C. kimlik no": "10000000146",
}
"""Made-up numbers of the forms' own descriptions."""


@pytest.mark.parametrize("kind", RIGHT)
def test_check_digits_tell_national_numbers(kind):
    number = RIGHT[kind]
    assert mostly([number] * 5)
    assert not mostly([number] * 4)
    if kind != "codice fiscale":
        wrong = number[:-1] + (
            "A" if number[-1] == "B" else "B" if number[-1].isalpha() else str(9 - int(number[-1]))
        )
        assert not mostly([number, number, number, wrong, wrong])


@pytest.mark.parametrize("text", ["0639981234", "75011", "12/03/1984", "AB-1234", "", "12345678901"])
def test_other_numbers_are_none(text):
    assert not mostly([text] * 9)
