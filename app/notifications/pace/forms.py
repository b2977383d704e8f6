"""How often one wants which news by mail, and when a digest comes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.courses.rules import TIME_ZONES
from app.foundation.forms import BaseForm, SelectField, _l, choices, worded
from app.notifications.pace.rules import CHOICES, GROUPS, WEEKDAYS, Wishes, choices_of, chosen_groups, usual_of, without


class WishesForm(BaseForm):
    """One choice for each group of news; the names of the fields are those of the groups."""

    hour = SelectField(
        _l("Hour of daily and weekly mails"),
        coerce=int,
        choices=lambda: choices((str(h), f"{h:02}:00") for h in range(24)),
    )
    weekday = SelectField(
        _l("Day of the weekly mail"),
        coerce=int,
        choices=lambda: worded((str(n), day) for n, day in enumerate(WEEKDAYS)),
    )
    time_zone = SelectField(_l("Time zone"), choices=lambda: choices((zone, zone) for zone in TIME_ZONES))

    @property
    def groups(self) -> list[Any]:
        """The fields of the groups, in order."""
        return [self[f"group_{group}"] for group in chosen_groups()]

    def show(self, wishes: Wishes) -> None:
        """Fill in what this person has chosen."""
        for group in chosen_groups():
            self[f"group_{group}"].data = wishes.of_group(group)
        self.hour.data, self.weekday.data, self.time_zone.data = wishes.hour, wishes.weekday, wishes.time_zone

    def is_without(self, scope: Iterable[str]) -> bool:
        """Whether no mails of these groups (or no digests) are chosen already, so that there is nothing to stop."""
        chosen = {group: self[f"group_{group}"].data for group in chosen_groups()}
        return without(chosen, scope) == chosen

    def wishes(self) -> Wishes:
        """What was chosen; what is usual is not kept, so that it may become something else one day."""
        said = {group: self[f"group_{group}"].data for group in chosen_groups()}
        paces = {group: pace for group, pace in said.items() if pace != usual_of(group)}
        return Wishes(paces, self.hour.data, self.weekday.data, self.time_zone.data)


def _field(group: str) -> SelectField:
    return SelectField(_l(GROUPS[group].text), choices=lambda: worded((one, CHOICES[one]) for one in choices_of(group)))


for _group in chosen_groups():
    setattr(WishesForm, f"group_{_group}", _field(_group))
