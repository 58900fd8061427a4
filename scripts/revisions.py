"""git, which knows the revisions of a checkout."""

import os
import subprocess
from pathlib import Path


def git(*arguments: str, cwd: Path, sent: str = "") -> subprocess.CompletedProcess[str]:
    """Run git in a folder; FileNotFoundError if there is none."""
    # In a git hook, such variables say which repository everything is about.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "--no-optional-locks", *arguments]
    return subprocess.run(command, cwd=cwd, env=env, input=sent, capture_output=True, text=True, check=False)
