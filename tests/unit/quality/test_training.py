"""Does the report say what the models were trained on, and which levels are odd?"""

from datafirst.quality.training import training

TRAINED = {
    "model": "crown",
    "records": {"crown": 1000},
    "never_seen": ["postcode: same sector"],
    "uneven": ["date_of_birth: within a year"],
    "pairs": {"prior": {"pnc": 500}, "em": {"postcode": 800}, "block": {"pnc": 500}},
    "sessions": [
        {"rule": "postcode", "pairs": 800, "compared": 400, "rounds": 7, "matching": 0.5},
    ],
    "splink": {"probability_two_random_records_match": 0.001},
}


def test_what_estimates_rest_on_and_what_is_odd_is_told() -> None:
    rests, odd = training([TRAINED])
    assert rests.rows == (
        ("crown", "pnc", "prior", 500, 500, None, None, None),
        ("crown", "postcode", "m, by EM", 800, 400, 7, 400, 0.8),
    )
    assert odd.rows == (
        ("crown", "Postcode", "same sector", "no pair showed it: it weighs nothing"),
        ("crown", "Date of birth", "within a year", "weighs less than a level below it"),
    )
    assert "There are none." in training([TRAINED | {"never_seen": [], "uneven": []}])[1].says
