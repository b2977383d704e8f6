"""A message as it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.conversations.messages import rules
from app.conversations.messages.service import MessageDraft
from app.foundation.filing.fields import sound_files
from app.foundation.filing.files import plain_name
from app.foundation.forms import (
    BaseForm,
    MultipleFileField,
    SelectField,
    ValidationError,
    _l,
    choices,
    long_text,
)
from app.foundation.languages import LANGUAGES, language_name
from app.foundation.permissions import Membership
from app.foundation.web import current_language


def _few(_form: Any, field: Any) -> None:
    if len([file for file in field.data or () if getattr(file, "filename", "")]) > rules.MOST_FILES:
        raise ValidationError(_l("Attach at most %(most)s files to one message.", most=rules.MOST_FILES))


class MessageForm(BaseForm):
    """A text with files, for one's own side."""

    organisation = SelectField(_l("You write for"))
    text = long_text(_l("Message"), _l("Write your message."), longest=rules.LONGEST)
    language = SelectField(_l("You write in"))
    files = MultipleFileField(_l("Files"), [_few, sound_files])

    def __init__(self, *args: Any, places: Sequence[Membership] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = current_language()
        self.places = places
        self.organisation.choices = choices([(m.organisation_ref, m.organisation_name) for m in places])
        # The only place is not asked for; but whoever names another one is told, and does not write for this one.
        if len(places) == 1 and not (self.is_posted and self.organisation.data):
            self.organisation.data = places[0].organisation_ref
        self.language.choices = choices((code, language_name(code, here)) for code in LANGUAGES)
        if not self.language.data:
            self.language.data = here

    @property
    def organisation_id(self) -> int:
        """The organisation that writes; 0, which belongs to nobody, if it is none of these."""
        chosen = self.organisation.data
        return next((m.organisation_id for m in self.places if m.organisation_ref == chosen), 0)

    @property
    def has_files(self) -> bool:
        """Whether files were chosen."""
        return any(getattr(file, "filename", "") for file in self.files.data or ())

    def draft(self) -> MessageDraft:
        """What was written, with the files' contents."""
        files = [
            (plain_name(file.filename), file.stream.read())
            for file in self.files.data or ()
            if getattr(file, "filename", "")
        ]
        return MessageDraft(self.text.data or "", self.language.data or "en", files)
