"""Where the time of the last change of a file (``st_ctime``) can be believed.

On POSIX the system sets it at every change, and nobody can put it back: a file with the old one has the old content.
Windows keeps the time of creation there, and some file systems have only the time of modification, which anybody may set.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path

#: As Linux names them: of cameras and sticks, of Windows, and of what lies on other machines or is made up by a program.
#: (https://docs.kernel.org/filesystems, fs/fat and fs/exfat of the kernel: both write mtime over ctime when they read.)
_WITHOUT = re.compile(r"vfat|msdos|exfat|ntfs3?|fuse.*|9p|drvfs|cifs|smb\w*|afs|hfs|udf|iso9660|ncpfs", re.IGNORECASE)
_MOUNTS = Path("/proc/self/mountinfo")
POSIX = os.name == "posix"
#: Seconds. Drives come and go; what is mounted is looked up no more often.
_AGAIN = 10


def has_true_change_time(device: int, now: float) -> bool:
    """Whether files on ``device`` (``st_dev``) tell when they were changed last.

    Args:
        now: any clock in seconds; what is mounted is looked up anew when it has gone on for a while.
    """
    if not POSIX:
        return False
    return device not in _devices_without(int(now // _AGAIN))


@lru_cache(maxsize=1)
def _devices_without(_when: int) -> frozenset[int]:
    """The mounted devices whose files do not tell it. Only Linux lists them; elsewhere POSIX is taken at its word."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return frozenset()
    found = set()
    for line in lines:
        # such as: 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw
        before, _, after = line.partition(" - ")
        if after and _WITHOUT.fullmatch(after.split()[0]):
            major, _, minor = before.split()[2].partition(":")
            found.add(os.makedev(int(major), int(minor)))
    return frozenset(found)
