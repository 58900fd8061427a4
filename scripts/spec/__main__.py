"""Check openapi.yaml beyond what a validator of OpenAPI finds.

Every finding is printed, with its line, its place as a JSON pointer, what is wrong and what to do about it; the exit
status is then 1, unless all of them are notes.
"""

import argparse
import sys
from pathlib import Path

from . import Level, SpecError, check, load, report

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Check one document; give the exit status."""
    parser = argparse.ArgumentParser(prog="spec", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=ROOT / "openapi.yaml", metavar="FILE")
    file: Path = parser.parse_args(arguments).file
    try:
        document = load(file, file.name if file.parent == ROOT else str(file))
    except SpecError as error:
        print(error, file=sys.stderr)
        return 1
    findings = check(document)
    for line in report(document, findings):
        print(line, file=sys.stderr)
    if not findings:
        print(f"{document.name}: OK, {len(document.places)} places checked")
    return int(any(finding.level > Level.NOTE for finding in findings))


if __name__ == "__main__":
    sys.exit(main())
