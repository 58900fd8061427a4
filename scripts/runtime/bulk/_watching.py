"""Jobs on their way from submission to files."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._retries import TOO_MANY_REQUESTS
from ..errors import ApiError, BadRequestError, ConnectionFailed, DecodeError, NotFoundError, RequestTimeout
from ._actions import DISK, REFUSED, Action, Answer, Brake, Save, Saved
from ._files import in_order
from ._journal import Intent
from ._ledger import Ledger
from ._options import Options
from ._poller import PAGE_SIZE, Look, Page, Poller
from ._recovery import readable
from ._rules import Rules

REFUSALS = {401, 402, 403}
SAVE_ATTEMPTS = 4
# How many files of a job are fetched one after the other before anything else is decided.
MOST_FILES = 1000


class Watcher:
    """Follows jobs until their files are saved.

    Args:
        ledger: What is known of each row.
        brake: What stops the run.
        rules: What the document says.
        options: How the run is carried out.
        ready: Where actions go that are to be begun, except for `saves`.
    """

    def __init__(self, ledger: Ledger, brake: Brake, rules: Rules, options: Options, ready: deque[Action]) -> None:
        self._ledger = ledger
        self._brake = brake
        self._rules = rules
        self._timeout = options.job_timeout
        self._settle = options.settle
        # With a rate, files are fetched one by one: room for all of a job at once might never be free.
        self._at_once = MOST_FILES if options.per_minute is None else 1
        self._ready = ready
        self.poller = Poller(rules.first_page, options.per_minute)
        self.page_size: int | None = PAGE_SIZE
        self.saves: deque[Save] = deque()
        self.saving = 0
        self._jobs: dict[str, tuple[Intent, float]] = {}
        # Since when jobs were not found: a new one may not be everywhere yet, and a server may err.
        self._unfound: dict[str, float] = {}
        # Jobs of which only their own address is believed: the list knew no files of them, or dead addresses.
        self._doubtful: set[str] = set()
        # How often saving was tried, and what is saved already.
        self._tries: dict[str, int] = {}
        self._saved: dict[str, Mapping[str, Path]] = {}

    def __len__(self) -> int:
        return len(self._jobs)

    def watch(self, intent: Intent, job: str, now: float, *, new: bool = True) -> None:
        """Follow a job."""
        self._jobs[job] = (intent, now)
        self.poller.add(job, now, new=new)

    def _forget(self, job: str) -> Intent:
        self.poller.remove(job)
        self._unfound.pop(job, None)
        return self._jobs.pop(job)[0]

    def take_page(self, target: Page, outcome: Any, now: float) -> None:
        """Record the outcome of fetching a page of the list."""
        following = None
        if isinstance(outcome, Answer):
            jobs = [(readable(job, self._rules.key), job) for job in outcome.value]
            following = self.poller.page(target, [key for key, _ in jobs if isinstance(key, str)], now)
            for key, job in jobs:
                if key in self._jobs:
                    self._see(key, job, now, alone=False)
        elif isinstance(outcome, BadRequestError) and target.number == max(1, self._rules.first_page):
            self._distrust_size(target, now)
        elif target.search and isinstance(outcome, ApiError) and outcome.status_code != TOO_MANY_REQUESTS:
            following = self.poller.page(target, [], now)
        else:
            self.poller.failed(target, now)
        if following is not None:
            self._ready.appendleft(following)
        self._check_refusal(outcome)

    def _distrust_size(self, target: Page, now: float) -> None:
        """Go on with the server's own size of pages, and without the list if that is refused, too."""
        self.poller.failed(target, now)
        self.poller.search_anew()
        if self.page_size is None:
            self.poller.give_up_list()
        self.page_size = None

    def take_look(self, target: Look, outcome: Any, now: float) -> None:
        """Record the outcome of fetching one job."""
        self.poller.looked(target)
        self._check_refusal(outcome)
        if target.id not in self._jobs:
            return
        if isinstance(outcome, Answer):
            self._see(target.id, outcome.value, now, alone=True)
        elif isinstance(outcome, NotFoundError) and self._is_gone(target.id, now):
            self._ledger.fail(self._forget(target.id), "the job does not exist any more", target.id)
        else:
            self._check_age(target.id, now)

    def _is_gone(self, job: str, now: float) -> bool:
        """Return whether a job that was not found is given up: it may be paid for."""
        return now - self._unfound.setdefault(job, now) >= self._settle

    def _check_refusal(self, outcome: Any) -> None:
        """Begin nothing more where even looking is refused."""
        if isinstance(outcome, ApiError) and outcome.status_code in REFUSALS:
            self._brake.abandon(REFUSED, outcome)

    def _check_age(self, job: str, now: float) -> None:
        """Give up waiting for a job that does not end; the next run goes on with it."""
        if now - self._jobs[job][1] > self._timeout:
            self._forget(job)

    def _see(self, job_id: str, job: Any, now: float, *, alone: bool) -> None:
        """Record where a job stands."""
        self._unfound.pop(job_id, None)
        state = readable(job, self._rules.state)
        if state in self._rules.failure:
            self._ledger.fail(self._forget(job_id), f"the job ended as {state!s}", job_id)
            self._brake.failure("job")
        elif state not in self._rules.success:
            self._check_age(job_id, now)
        elif not alone and (job_id in self._doubtful or not self._files(job)):
            self._ready.append(Look(job_id))
        elif not self._files(job):
            self._ledger.fail(self._forget(job_id), "the finished job has no files", job_id, unsaved=True)
        else:
            self._brake.success("job")
            self._save(self._forget(job_id), job_id, job)

    def _files(self, job: Any) -> int:
        return len(readable(job, self._rules.files) or ())

    def _save(self, intent: Intent, job_id: str, job: Any) -> None:
        self._tries[job_id] = self._tries.get(job_id, 0) + 1
        self._save_next(Save(intent, job_id, job, self._saved.get(job_id, {})))

    def _save_next(self, action: Save) -> None:
        """Save as many files of a job as may be fetched at once."""
        self.saving += 1
        self.saves.append(action._replace(files=min(self._at_once, self._files(action.job) - action.first)))

    def take_files(self, action: Save, outcome: Any, now: float) -> None:
        """Record the outcome of saving the files of a job."""
        self.saving -= 1
        saved, error = (outcome.paths, outcome.error) if isinstance(outcome, Saved) else (action.saved, outcome)
        paths = in_order(saved)
        following = action.first + action.files
        if isinstance(outcome, Saved) and following < self._files(action.job):
            self._save_next(action._replace(saved=saved, first=following, error=error))
            return
        if error is None:
            self._ledger.done(action.intent, action.id, paths)
        elif isinstance(error, OSError) and not isinstance(error, (ConnectionFailed, RequestTimeout)):
            # The disk is full or not ours to write to: nothing else would be saved either.
            self._brake.abandon(DISK, error)
        elif self._tries[action.id] >= SAVE_ATTEMPTS:
            reason = f"{len(paths)} of {self._files(action.job)} files were saved: {error}"
            self._ledger.fail(action.intent, reason, action.id, paths, unsaved=True)
        else:
            # The job's own address has new addresses of the files, should the old ones be dead.
            self._doubtful.add(action.id)
            # Where an address cannot be read, the files are numbered as they came, which may be otherwise next time.
            self._saved[action.id] = {} if isinstance(error, DecodeError) else saved
            self.watch(action.intent, action.id, now, new=False)
            self._ready.append(Look(action.id))
            return
        self._doubtful.discard(action.id)
        self._tries.pop(action.id, None)
        self._saved.pop(action.id, None)
