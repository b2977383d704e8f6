"""How far work is, in a sentence: what the bar shows to the eye."""

from __future__ import annotations

from app.foundation.messages import Message, msg
from app.jobs import rules
from app.jobs.models import Job

HUNDRED = 100


def how_far(job: Job) -> Message:
    """One sentence on where the work stands."""
    if job.state == rules.RUNNING and job.wants_stop:
        return msg("It stops at its next step.")
    if job.state == rules.RUNNING and job.total:
        percent = min(HUNDRED, job.done * HUNDRED // job.total)
        return msg("%(done)s of %(total)s done (%(percent)s %%).", done=job.done, total=job.total, percent=percent)
    if job.state == rules.RUNNING:
        return msg("It has begun; how much there is to do is not known yet.")
    if job.state == rules.WAITING:
        return msg("It begins as soon as what was started before it has ended.")
    return job.words or rules.NAMES[job.state]
