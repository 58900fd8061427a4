"""Command line of the sandbox."""

import argparse
import logging
import signal
import sys
import threading

from sandbox import FAIL, TOKEN, Options, Sandbox
from sandbox.failing import PATH
from spec import SpecError

EPILOG = f"""\
A job with {FAIL} in its prompt fails. Any request can be made to fail from another shell, in any language:

  curl -X POST "$LEAP_BASE_URL{PATH}?status=503&times=2"              the next two requests get a 503
  curl -X POST "$LEAP_BASE_URL{PATH}?status=429&retry_after=2"        the next one a 429 with Retry-After: 2
  curl -X POST "$LEAP_BASE_URL{PATH}?status=500&method=DELETE"        the next DELETE a 500
"""


def main() -> int:
    """Run the command line."""
    arguments = parse_arguments()
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    logging.getLogger("sandbox").setLevel(logging.INFO)
    asked_to_end = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_end.set())
    try:
        with Sandbox(port=arguments.port, options=Options(seconds=tuple(arguments.seconds))) as sandbox:
            print(instructions(sandbox.url, *arguments.seconds), flush=True)
            asked_to_end.wait()
            print(f"{len(sandbox.submitted)} jobs with {sandbox.paid_images} images were submitted, for nothing.")
    except OSError as error:
        print(f"error: port {arguments.port} cannot be used: {error.strerror}", file=sys.stderr)
        return 1
    except SpecError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="make sandbox",
        usage='make sandbox [ARGS="--port N --seconds MIN MAX"]',
        description="Run the API on loopback, from openapi.yaml, until Ctrl-C.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=0, metavar="N", help="port of the API (default: any free one)")
    parser.add_argument(
        "--seconds",
        type=float,
        nargs=2,
        default=(2, 5),
        metavar=("MIN", "MAX"),
        help="how long a job takes (default: 2 5)",
    )
    return parser.parse_args()


def instructions(url: str, shortest: float, longest: float) -> str:
    """Say how to use a running sandbox."""
    return f"""\
The API runs on loopback until Ctrl-C. Nothing costs anything. To use it from another shell:

  export LEAP_BASE_URL={url}
  export LEAP_API_KEY={TOKEN}

A job takes {shortest:g} to {longest:g} seconds; --seconds MIN MAX changes that. --port N fixes the port.

{EPILOG}"""


if __name__ == "__main__":
    sys.exit(main())
