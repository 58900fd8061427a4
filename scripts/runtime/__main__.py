"""The command line of the package: `python -m PACKAGE bulk --help`."""

import sys


def main() -> int:
    """Run the subcommand, and give its exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] != ["bulk"]:
        print(f"usage: python -m {__package__} bulk [--help]", file=sys.stderr)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    from .bulk._command import main as bulk  # noqa: PLC0415  # loaded when it is used

    return bulk(arguments[1:])


if __name__ == "__main__":
    sys.exit(main())
