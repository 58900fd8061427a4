"""When something may be sent: the rate, and pauses that the server asked for."""

from __future__ import annotations

from collections import deque

WINDOW = 60.0
FIRST_BACKOFF = 0.5
LONGEST_BACKOFF = 30.0
LONGEST_PAUSE = 3600.0


class Gate:
    """Keeps to a number of requests in any minute, and to pauses.

    A request counts from the moment it is sent until a minute after its answer: whenever it reached the server, no
    minute there has more of them.

    Args:
        per_minute: How many; None for any number.
    """

    def __init__(self, per_minute: int | None) -> None:
        self.per_minute = per_minute
        self._under_way = 0
        self._ended: deque[float] = deque()
        self._paused_until = 0.0
        self._backoff = FIRST_BACKOFF

    def delay(self, now: float, count: int = 1) -> float | None:
        """Return the seconds until `count` more requests may be sent; None if an answer has to arrive first."""
        while self._ended and self._ended[0] <= now - WINDOW:
            self._ended.popleft()
        pause = self.paused(now)
        if self.per_minute is None:
            return pause
        over = self._under_way + len(self._ended) + count - self.per_minute
        if over <= 0:
            return pause
        if over > len(self._ended):
            return None
        return max(pause, self._ended[over - 1] + WINDOW - now)

    def paused(self, now: float) -> float:
        """Return the seconds that are left of a pause; 0 if there is none."""
        return max(0.0, self._paused_until - now)

    def send(self, count: int = 1) -> None:
        """Record that so many requests may be sent from now on."""
        self._under_way += count

    def end(self, now: float, count: int = 1, sent: int = 1) -> None:
        """Record that they are answered or given up, and how many of them were sent."""
        self._under_way -= count
        if self.per_minute is not None:
            self._ended.extend([now] * sent)

    def pause(self, now: float, seconds: float | None) -> None:
        """Send nothing for a while: as long as the server asks for, or longer each time."""
        if seconds is None:
            seconds = self._backoff
            self._backoff = min(2 * self._backoff, LONGEST_BACKOFF)
        self._paused_until = max(self._paused_until, now + min(seconds, LONGEST_PAUSE))

    def recover(self) -> None:
        """Record that the server works, so that the next pause is a short one."""
        self._backoff = FIRST_BACKOFF
