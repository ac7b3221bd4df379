"""What the command line understands."""

from __future__ import annotations

import argparse
from pathlib import Path

import studio


def parser() -> argparse.ArgumentParser:
    """The parser; ``door`` names the module of this package that does what was asked."""
    top = argparse.ArgumentParser(
        prog="studio",
        description="Pick a teacher, a student and a method, and watch knowledge distillation happen. "
        "Without a command the window opens.",
        parents=[_common()],
    )
    top.add_argument("--version", action="version", version=f"Distillation Studio {studio.__version__}")
    top.add_argument("--preset", metavar="NAME", help="fill the window with a ready experiment")
    top.add_argument("--open", type=Path, metavar="FILE", help="fill the window with an experiment file")
    top.set_defaults(door="window", demo=False, workspace=None, json=False)
    commands = top.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, door: str, words: str) -> argparse.ArgumentParser:
        added = commands.add_parser(
            name, parents=[_common()], help=words, description=words[0].upper() + words[1:] + "."
        )
        added.set_defaults(door=door)
        return added

    demo = command("demo", "window", "open the window and train the first ready experiment at once")
    demo.set_defaults(demo=True)
    train = command("train", "train", "run an experiment file, or a ready experiment")
    what = train.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", type=Path, metavar="FILE", help="an experiment file (.toml)")
    what.add_argument(
        "--preset",
        metavar="NAME",
        dest="ready",
        help="a ready experiment; “studio list presets” names them",
    )
    train.add_argument("--seed", type=int, metavar="N", help="start of all chance, instead of the file's")
    train.add_argument("--device", metavar="D", help="auto, cpu, cuda, cuda:1 or mps, instead of the file's")
    train.add_argument("--precision", metavar="P", help="exact or fast, instead of the file's")
    train.add_argument(
        "--method",
        metavar="NAME",
        help="a method of the catalogue by its key, or one of your own by its name, instead of the file's",
    )
    train.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        dest="settings",
        help="any other setting by its dotted key, e.g. training.epochs=3; may be given several times",
    )
    resume = command("resume", "resume", "go on with a run that was interrupted or stopped")
    resume.add_argument("run", metavar="RUN", help="an id, a unique beginning of one, or “last”")
    command("runs", "runs", "list the runs, the newest first")
    show = command("show", "show", "show one run")
    show.add_argument("run", metavar="RUN", help="an id, a unique beginning of one, or “last”")
    compare = command("compare", "compare", "compare two runs, over all seeds of their experiments")
    for place in ("first", "second"):
        compare.add_argument(place, metavar="RUN", help="an id, a unique beginning of one, or “last”")
    compare.add_argument("--only", action="store_true", help="these two runs alone, not the other seeds")
    compare.add_argument("--to", type=Path, metavar="FILE.html", help="write it as a web page, too")
    together = command(
        "ensemble", "ensemble", "average the answers of finished runs, and keep that as a run of its own"
    )
    together.add_argument("runs", nargs="+", metavar="RUN", help="two runs or more: ids, unique beginnings, or “last”")
    together.add_argument(
        "--mean",
        choices=("probabilities", "logits"),
        default="probabilities",
        help="what is averaged (default: probabilities)",
    )
    together.add_argument("--name", default="", metavar="NAME", help="what the new run is called")
    export = command(
        "export", "export", "write the network of a run as one file that answers alone, or a report of the run"
    )
    export.add_argument("run", metavar="RUN", help="an id, a unique beginning of one, or “last”")
    export.add_argument(
        "--to",
        type=Path,
        required=True,
        metavar="FILE.safetensors",
        help="the file; an older one goes. A tree can be written as .txt, .json, .svg or .py, too; .html is a report of the run",
    )
    export.add_argument(
        "--compare", nargs="+", default=[], metavar="RUN", help="runs the report compares it with, a section for each"
    )
    deleted = command("bin", "bin", "list deleted runs, bring one back, or remove all of them for good")
    asked = deleted.add_subparsers(title="what to do", metavar="ACTION", dest="action", required=True)
    asked.add_parser("list", parents=[_common()], help="list the deleted runs, the newest first")
    restore = asked.add_parser("restore", parents=[_common()], help="bring a deleted run back")
    restore.add_argument("run", metavar="RUN", help="an id, a unique beginning of one, or “last”")
    asked.add_parser("empty", parents=[_common()], help="remove the deleted runs for good")
    listing = command("list", "listing", "list the datasets, networks, methods, systems or ready experiments there are")
    listing.add_argument("what", choices=("datasets", "networks", "methods", "systems", "presets"))
    listing.add_argument(
        "--search",
        metavar="WORDS",
        default="",
        help="only those in which all these words occur; of networks also those of torchvision and timm, and any that is spelt",
    )
    command("doctor", "doctor", "tell what this machine has, what is missing, and how to get it")
    return top


def _common() -> argparse.ArgumentParser:
    """What every command takes, before or after its name.

    Made anew for each parser: one that shares them would share its defaults, and forget what stood before the command.
    """
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--workspace",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="where runs are kept (or set STUDIO_WORKSPACE)",
    )
    common.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="JSON on standard output, words on standard error",
    )
    return common
