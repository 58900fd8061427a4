"""Who may write: one process at a time in a directory, and one machine at a time on a partition."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ._errors import ClaimLost, JournalError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

POLL = 0.1
# How often in a lease the holder shows that it is alive.
BEATS = 5


class Lock:
    """Keeps a second process of this machine out of a directory; the system opens it when its holder dies.

    Args:
        directory: The directory.

    Raises:
        JournalError: Another process holds it.
    """

    epoch: int | None = None

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._file = (directory / ".lock").open("a+b")
        try:
            _lock(self._file.fileno())
        except (BlockingIOError, PermissionError):
            self._file.close()
            raise JournalError(
                f"another process is running in {directory}; wait until it has ended, or use another directory"
            ) from None

    def beat(self) -> None:
        """Do nothing: the system knows that we are alive."""

    def check(self) -> None:
        """Do nothing: the system keeps others out."""

    def release(self) -> None:
        """Let others in."""
        self._file.close()


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def boot_time() -> float:
    """Return a time that also runs while the machine sleeps, where the system has one."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Claim:
    """The right to run a partition: a file made by exclusive creation, with an epoch that grows with every holder.

    Whoever wants to take over watches the file for the length of a lease by its own clock: if it does not change, its
    holder is dead or has been stopped, and nothing it may have sent is still on its way. The holder in turn stops for
    good when it has not been able to show that it is alive for that long, or sees that it was replaced. What remains
    is a pause of the holder between that check and the sending.

    Args:
        folder: Where the claims are.
        lease: Seconds, longer than a request may take.
        wait: What to sleep with.
    """

    def __init__(self, folder: Path, lease: float, *, wait: Callable[[float], object] = time.sleep) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._lease = lease
        self._wait = wait
        self.epoch = self._take()
        self._beaten = boot_time()

    def _path(self, epoch: int) -> Path:
        return self._folder / f"claim-{epoch}"

    def _take(self) -> int:
        while True:
            latest = self._latest()
            if latest:
                self._wait_out(latest)
            try:
                with self._path(latest + 1).open("x") as file:
                    json.dump({"host": socket.gethostname(), "process": os.getpid()}, file)
            except FileExistsError:
                continue
            return latest + 1

    def _latest(self) -> int:
        return max((int(path.name.removeprefix("claim-")) for path in self._folder.glob("claim-*")), default=0)

    def _wait_out(self, epoch: int) -> None:
        """Return when the holder of an epoch has given up, or has shown no life for the length of a lease."""
        seen, since = self._sign(epoch), boot_time()
        while seen != 0 and boot_time() - since <= self._lease:
            self._wait(POLL)
            sign = self._sign(epoch)
            if sign != seen:
                seen, since = sign, boot_time()

    def _sign(self, epoch: int) -> int:
        """Return what changes as long as a holder is alive; 0 if it has given the claim back."""
        try:
            # A network file system asks its server anew when a file is opened, and not when it is only looked at.
            with self._path(epoch).open("rb") as file:
                return os.fstat(file.fileno()).st_mtime_ns
        except FileNotFoundError:
            return 1

    def beat(self) -> None:
        """Show that we are alive, if it is time to.

        Raises:
            ClaimLost: It is too late.
        """
        self.check()
        now = boot_time()
        if now - self._beaten >= self._lease / BEATS:
            os.utime(self._path(self.epoch))
            self._beaten = now

    def check(self) -> None:
        """See that we may still send.

        Raises:
            ClaimLost: Another runner has taken over, or may have.
        """
        if boot_time() - self._beaten > self._lease * (1 - 1 / BEATS):
            raise ClaimLost(
                f"this runner was suspended for too long, so another may have taken over; see {self._folder}"
            )
        if self._path(self.epoch + 1).exists():
            raise ClaimLost(f"another runner has taken over; see {self._path(self.epoch + 1)}")

    def release(self) -> None:
        """Let others in without a wait."""
        # The file stays, since the next epoch is counted from it; its time says that nobody has to wait.
        if not self._path(self.epoch + 1).exists():
            os.utime(self._path(self.epoch), ns=(0, 0))
