"""How much is read of what a stranger may have made. Sizes are looked up in directories and headers before anything unpacks.

A small file can claim to be a large one: compressed a thousand times, or described by lists of millions of empty
entries. What the studio itself writes stays far below every limit here; how far is said beside it.
"""

from __future__ import annotations

#: Members of a zip archive, one a tensor.
ARCHIVE_MEMBERS = 50_000
#: Bytes of the directory of a zip archive: 80 a member.
ARCHIVE_DIRECTORY = 8_000_000

#: Bytes an archive of arrays may always unpack to ...
SMALL_UNPACKED = 64_000_000
#: ... and how many times its own size beyond that. Measured answers and maps are packed to a half at best.
UNPACKED_RATIO = 20
#: Bytes it may never unpack to: the answers of two networks on 50,000 pictures of 1,000 classes are a quarter.
MOST_UNPACKED = 2_000_000_000

#: Bytes of a checkpoint: thirty times the largest network of the catalogue with the state of its optimiser.
CHECKPOINT_BYTES = 16 * 2**30
#: Bytes of what a checkpoint says besides its tensors, and the instructions that say it: 90 and 30 for each of 8,000
#: tensors. The deepest network of the catalogue and the state of its optimiser are 2,000.
CHECKPOINT_OUTLINE = 8_000_000
CHECKPOINT_INSTRUCTIONS = 250_000

#: Bytes of a network file. The largest network of the catalogue is a tenth of it.
NETWORK_BYTES = 4 * 2**30
#: Bytes of the header of a network file: 100 a tensor, and the names of 80,000 classes.
NETWORK_HEADER = 2_000_000

#: Bytes of an experiment file, and of a method a person saved. The longest of the gallery has 1,000.
EXPERIMENT_BYTES = 100_000
#: Values in one of them, lists counted by their items. The longest of the gallery has 40.
EXPERIMENT_VALUES = 2_000
#: Letters of a name of a setting, and of a text: paths are the longest.
SETTING_NAME, SETTING_TEXT = 200, 5_000
#: Things wrong with one experiment that are told; of the rest the number.
PROBLEMS_TOLD = 25
