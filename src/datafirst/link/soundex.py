"""What does a name sound like? Its Soundex code, so that a spelling by ear is found by equality.

Soundex (Russell 1918) as the US National Archives write it: the first letter and three digits of
the consonants that follow; letters of one digit beside each other, or with only H or W between
them, count once. DuckDB has no phonetic function, so it is a sentence of SQL.
"""

LETTERS = "AEIOUYBFPVCGJKQSXZDTLMNR HW"
DIGITS = "000000111122222222334556"
"""The digit of each letter; vowels are 0. The letters left over vanish: nothing parts over them."""

TWICE = "|".join(f"({digit}){digit}+" for digit in "0123456")
ONCE = "".join(rf"\{number}" for number in range(1, 8))


def soundex(name: str) -> str:
    """The SQL expression of the Soundex code of a standardised name (a column).

    All words of the name count as one. Null for null; four characters for every other.
    """
    # An H or W at the start has no digit, but what follows it has: it stands there as a vowel.
    start = f"translate(left({name}, 1), 'HW', 'AA')"
    digits = f"translate({start} || substr({name}, 2), '{LETTERS}', '{DIGITS}')"
    once = f"substr(regexp_replace({digits}, '{TWICE}', '{ONCE}', 'g'), 2)"
    return f"left(left({name}, 1) || replace({once}, '0', '') || '000', 4)"
