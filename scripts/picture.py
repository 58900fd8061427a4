"""Draw the screen of the demo for README.md, as scripts/docs/demo.svg.

Usage: picture.py

It runs the demo against the sandbox. What differs from one run to the next, such as an id, is replaced.
"""

import io
import re
import sys
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.text import Text

import demo

PICTURE = Path(__file__).resolve().parent / "docs" / "demo.svg"
WIDTH = 92
# Long enough for each state to be seen.
SECONDS = (8.0, 8.0)
ALWAYS_THE_SAME = {
    r"127\.0\.0\.1:[0-9]+": "127.0.0.1:8000",
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}": "a047df00-8bdd-4d57-a9bd-6eebef36ecaa",
}


def main() -> int:
    """Run the demo, and write the picture of what it printed."""
    PICTURE.write_text(drawn(screen(seconds=SECONDS)), "utf-8")
    print(f"{PICTURE.relative_to(Path(__file__).parent.parent)} is written.")
    return 0


def screen(**options: Any) -> str:
    """Run the demo in a folder of its own, and return what it printed, in colours.

    Args:
        **options: Options of the sandbox.
    """
    printed = io.StringIO()
    kept = demo.console, demo.OUT, demo.OPTIONS
    with TemporaryDirectory() as folder, chdir(folder):
        demo.console = Console(
            file=printed, force_terminal=True, force_interactive=False, width=WIDTH, highlight=False, soft_wrap=True
        )
        demo.OUT, demo.OPTIONS = Path.cwd() / "out", options
        try:
            status = demo.main()
        finally:
            demo.console, demo.OUT, demo.OPTIONS = kept
    if status:
        raise SystemExit(printed.getvalue())
    return printed.getvalue()


def drawn(printed: str) -> str:
    """Draw what the demo printed, as SVG."""
    text = printed.strip()
    for pattern, stand_in in ALWAYS_THE_SAME.items():
        text = re.sub(pattern, stand_in, text)
    console = Console(file=io.StringIO(), record=True, width=WIDTH)
    console.print("[bold]$[/] make demo")
    console.print(Text.from_ansi(text), soft_wrap=True)
    picture = console.export_svg(title="make demo", unique_id="demo")
    # Whoever looks at it has fonts; none is fetched.
    picture = re.sub(r"\s*@font-face \{.*?\}", "", picture, flags=re.DOTALL)
    return "\n".join(line.rstrip() for line in picture.splitlines()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
