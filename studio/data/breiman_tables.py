"""The five tables on which born-again trees were published: breast cancer, ionosphere, glass, soybean and sonar."""

from __future__ import annotations

from typing import ClassVar

from studio import catalog
from studio.data.published_table import PublishedFile, PublishedTable

_UCI = "https://archive.ics.uci.edu/ml/machine-learning-databases"
_MIRROR = "https://raw.githubusercontent.com/jbrownlee/Datasets/master"


class BreastCancerWisconsin(PublishedTable):
    """Nine marks from 1 to 10 a pathologist gave to cells; 16 of one of them are missing."""

    key = "breast_cancer_wisconsin"
    title = "Breast cancer (Wisconsin)"
    words = "699 rows, 9 measurements of a cell sample; benign or malignant."
    origin = "W. H. Wolberg, University of Wisconsin Hospitals, UCI Machine Learning Repository 1992 (CC BY 4.0)."
    shape = (10,)
    class_count = 2
    train_count = 699
    checksum = "e988c13e06d67f6bca027ad02f4e2e45e4b6b84f41e11e854272c1f2ab3d8e95"
    files = (
        PublishedFile(
            (
                f"{_UCI}/breast-cancer-wisconsin/breast-cancer-wisconsin.data",
                f"{_MIRROR}/breast-cancer-wisconsin.csv",
            ),
            ("breast_cancer.csv", "breast_cancer_wisconsin.csv"),
        ),
    )
    names = (
        "clump_thickness",
        "uniformity_of_cell_size",
        "uniformity_of_cell_shape",
        "marginal_adhesion",
        "single_epithelial_cell_size",
        "bare_nuclei",
        "bland_chromatin",
        "normal_nucleoli",
        "mitoses",
    )
    class_words: ClassVar = {"2": "benign", "4": "malignant"}


class Ionosphere(PublishedTable):
    """Echoes of radar, real and imaginary part of 17 pulses. One column is 0 in every row."""

    key = "ionosphere"
    title = "Ionosphere"
    words = "351 rows, 34 numbers of a radar echo; good or bad."
    origin = "V. G. Sigillito et al., Johns Hopkins APL, UCI Machine Learning Repository 1989 (CC BY 4.0)."
    shape = (34,)
    class_count = 2
    train_count = 351
    checksum = "6af4c5528079a824ac5221f241b2814f40cae78f65f54c7eb9a980c588c6359e"
    files = (PublishedFile((f"{_UCI}/ionosphere/ionosphere.data", f"{_MIRROR}/ionosphere.csv"), ("ionosphere.csv",)),)
    names = tuple(f"pulse{pulse:02d}_{part}" for pulse in range(1, 18) for part in ("re", "im"))
    class_words: ClassVar = {"g": "good", "b": "bad"}


class Glass(PublishedTable):
    """Refraction and eight elements of splinters of glass."""

    key = "glass"
    title = "Glass"
    words = "214 splinters, refraction and 8 elements each; six kinds of glass."
    origin = "B. German, Home Office Forensic Science Service, UCI Machine Learning Repository 1987 (CC BY 4.0)."
    shape = (9,)
    class_count = 6
    train_count = 214
    checksum = "826fd6d1d0686c8a56643fa1bccb6c23959c47073f14d0024154c02b59c2b976"
    files = (PublishedFile((f"{_UCI}/glass/glass.data", f"{_MIRROR}/glass.csv"), ("glass.csv",)),)
    names = ("ri", "na", "mg", "al", "si", "k", "ca", "ba", "fe")
    class_words: ClassVar = {
        "1": "building_windows_float",
        "2": "building_windows_non_float",
        "3": "vehicle_windows_float",
        "5": "containers",
        "6": "tableware",
        "7": "headlamps",
    }


class Soybean(PublishedTable):
    """35 observations of sick plants, all in words, many of them missing."""

    key = "soybean"
    title = "Soybean"
    words = "683 sick plants, 35 observations in words, many missing; 19 diseases."
    origin = "R. S. Michalski, R. L. Chilausky, UCI Machine Learning Repository 1980 (CC BY 4.0)."
    shape = (133,)
    class_count = 19
    train_count = 683
    checksum = "c8cc01f2ceeffe34a80a674104282991fcea1bd2d3fb1b2bf435f4f7db88b506"
    files = (
        PublishedFile(
            (
                "https://www.openml.org/data/download/42/soybean.arff",
                "https://raw.githubusercontent.com/renatopp/arff-datasets/master/classification/soybean.arff",
            ),
            ("soybean.csv", "soybean.arff"),
        ),
    )
    names = (
        "date",
        "plant-stand",
        "precip",
        "temp",
        "hail",
        "crop-hist",
        "area-damaged",
        "severity",
        "seed-tmt",
        "germination",
        "plant-growth",
        "leaves",
        "leafspots-halo",
        "leafspots-marg",
        "leafspot-size",
        "leaf-shread",
        "leaf-malf",
        "leaf-mild",
        "stem",
        "lodging",
        "stem-cankers",
        "canker-lesion",
        "fruiting-bodies",
        "external-decay",
        "mycelium",
        "int-discolor",
        "sclerotia",
        "fruit-pods",
        "fruit-spots",
        "seed",
        "mold-growth",
        "seed-discolor",
        "seed-size",
        "shriveling",
        "roots",
    )


class Sonar(PublishedTable):
    """Energy of a sonar echo in 60 bands."""

    key = "sonar"
    title = "Sonar"
    words = "208 echoes, their energy in 60 bands of frequency; mine or rock."
    origin = "R. P. Gorman, T. J. Sejnowski, Neural Networks 1, 1988, UCI Machine Learning Repository (CC BY 4.0)."
    shape = (60,)
    class_count = 2
    train_count = 208
    checksum = "be925c5d805f1f7c9c709bb89240e822c11c37d9bb24f977bf236327de75af52"
    files = (
        PublishedFile(
            (f"{_UCI}/undocumented/connectionist-bench/sonar/sonar.all-data", f"{_MIRROR}/sonar.csv"), ("sonar.csv",)
        ),
    )
    names = tuple(f"band{band:02d}" for band in range(1, 61))
    class_words: ClassVar = {"M": "mine", "R": "rock"}


for _source in (BreastCancerWisconsin(), Ionosphere(), Glass(), Soybean(), Sonar()):
    catalog.register("dataset", _source)
