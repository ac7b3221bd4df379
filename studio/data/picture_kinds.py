"""What a file is, by its first bytes and only then by its name: a picture that can be read, one that cannot, or neither.

Signatures: the specifications of the formats; of HEIC and AVIF, ISO/IEC 23008-12 (the brand after ``ftyp``).
"""

from __future__ import annotations

import os
import re
from typing import Literal, NamedTuple

#: Kinds that are read, by ending. Some have no signature (TGA, DIB), so that the name is all there is to go by.
ENDINGS = frozenset(
    [
        *("jpg", "jpeg", "jpe", "jfif", "png", "apng", "bmp", "dib", "gif", "tif", "tiff"),
        *("webp", "ppm", "pgm", "pbm", "pnm", "tga", "ico", "jp2", "avif"),
    ]
)
#: Pictures of kinds that are not read, by ending. Raw files of cameras begin like TIFF: what would be read of them is a
#: preview, or nothing like the picture.
_UNREAD_ENDINGS = {
    **dict.fromkeys(["heic", "heif", "hif", "heics"], "HEIC"),
    **dict.fromkeys(
        [
            *("3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "fff", "iiq", "k25", "kdc", "mef", "mos", "mrw"),
            *("nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f"),
        ],
        "camera raw",
    ),
    "psd": "Photoshop",
    "psb": "Photoshop",
    "jxl": "JPEG XL",
    "svg": "SVG",
    "exr": "OpenEXR",
    "dcm": "DICOM",
    "dicom": "DICOM",
    "xcf": "GIMP",
    "hdr": "Radiance HDR",
    "eps": "PostScript",
    "jxr": "JPEG XR",
    "fits": "FITS",
}
#: Bytes that tell the kind; DICOM says so after 128.
HEAD = 132

_READ = re.compile(
    rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|GIF8[79]a|BM.{4}\0{4}|II[*+]\0|MM\0[*+]|RIFF.{4}WEBP|P[1-7f][\s#]|"
    rb"\0\0\0\x0cjP  |\xff\x4f\xff\x51|.{4}ftypavi[fs]",
    re.DOTALL,
)
_UNREAD = (
    (re.compile(rb".{4}ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", re.DOTALL), "HEIC"),
    (re.compile(rb".{4}ftypcrx", re.DOTALL), "camera raw"),
    (re.compile(rb"8BPS"), "Photoshop"),
    (re.compile(rb"\xff\x0a|\0\0\0\x0cJXL "), "JPEG XL"),
    (re.compile(rb"v/1\x01"), "OpenEXR"),
    (re.compile(rb"gimp xcf"), "GIMP"),
    (re.compile(rb".{128}DICM", re.DOTALL), "DICOM"),
)


class PictureKind(NamedTuple):
    """``read``: can be read, or claims it; ``unread``: a picture that cannot, ``name`` says of what kind; ``other``."""

    verdict: Literal["read", "unread", "other"]
    name: str = ""


READ, OTHER = PictureKind("read"), PictureKind("other")


def kind_by_name(name: str) -> PictureKind | None:
    """What the ending of a name claims; None where it says nothing, and the content has to be looked at."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending in ENDINGS:
        return READ
    return PictureKind("unread", "camera raw") if _UNREAD_ENDINGS.get(ending) == "camera raw" else None


def kind_by_content(path: str) -> PictureKind:
    """What the first bytes of a regular file say; what they leave open its ending says.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - a Path for each of many files takes time
        head = stream.read(HEAD)
    if _READ.match(head):
        return READ
    for signature, name in _UNREAD:
        if signature.match(head):
            return PictureKind("unread", name)
    claimed = _UNREAD_ENDINGS.get(os.path.splitext(path)[1].lstrip(".").lower())  # noqa: PTH122 - as above
    return PictureKind("unread", claimed) if claimed is not None else OTHER


def unread_kind(path: str) -> str:
    """The name of the kind of a picture that is not read here, or nothing."""
    try:
        kind = kind_by_content(path)
    except OSError:
        return ""
    return kind.name if kind.verdict == "unread" else ""
