"""Adult: who earns more than 50,000 dollars, from a census of 1994."""

from __future__ import annotations

from typing import ClassVar

from studio import catalog
from studio.data.published_table import PublishedFile, PublishedTable

_UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases/adult"


class Adult(PublishedTable):
    """Six numbers and eight names a person, some missing, with a test part of its own."""

    key = "adult"
    title = "Adult"
    words = "48,842 people of a census, 6 numbers and 8 names each; income above 50,000 dollars or not."
    origin = "B. Becker, R. Kohavi, UCI Machine Learning Repository 1996 (CC BY 4.0)."
    shape = (108,)
    class_count = 2
    train_count = 32_561
    test_count = 16_281
    checksum = "99883abb013032f50b9ea4f72e5b84fc765180d2d5655ec7c7b0a101c874979a"
    files = (
        PublishedFile((f"{_UCI}/adult.data",), ("adult_train.csv", "adult.data")),
        PublishedFile((f"{_UCI}/adult.test",), ("adult_test.csv", "adult.test")),
    )
    names = (
        "age",
        "workclass",
        "fnlwgt",
        "education",
        "education-num",
        "marital-status",
        "occupation",
        "relationship",
        "race",
        "sex",
        "capital-gain",
        "capital-loss",
        "hours-per-week",
        "native-country",
    )
    class_words: ClassVar = {"<=50K.": "<=50K", ">50K.": ">50K"}
    megabytes = 6


catalog.register("dataset", Adult())
