"""The form in which a lesson is told, sentence part by sentence part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.foundation.filing.fields import chosen_in, sound_files
from app.foundation.filing.files import Attachment
from app.foundation.forms import (
    BaseForm,
    BooleanField,
    CheckboxesField,
    DayField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    ValidationError,
    _l,
    choices,
    long_text,
    picked,
    short_text,
)
from app.foundation.languages import LANGUAGES, say
from app.foundation.messages import Message
from app.foundation.permissions import ROLES_THAT_EDIT, Actor, Membership
from app.lessons import rules
from app.lessons.models import Lesson
from app.lessons.service import LessonDraft
from app.reference.codelists import options
from app.reference.countries import country_options
from app.reference.themes import theme_options

LONGEST_PART = 2000
OWN_PARTS = (
    "context", "action", "result", "cause", "instruction", "verdict", "kind", "criterion", "stage", "audience",
    "evidence", "is_independent", "view", "review_by",
)  # fmt: skip
ARABIC = ("ar", "العربية")


def named(codes: Mapping[str, Message | tuple[Message, str]], spoken: str) -> list[tuple[str, str]]:
    """(code, name) of one of the code lists in rules, in the language spoken."""
    return [(code, say(name[0] if isinstance(name, tuple) else name, spoken)) for code, name in codes.items()]


def writing_for(reader: Actor) -> list[Membership]:
    """The verified organisations for which this person may write."""
    return [m for m in reader.memberships if m.is_verified and m.role in ROLES_THAT_EDIT]


class RecordForm(BaseForm):
    """What the forms of lessons and outputs share: for whom one writes, about what, and who may see it."""

    organisation = SelectField(_l("Organisation"), validators=picked(_l("Choose the organisation you write for.")))
    language = SelectField(_l("Language that you write in"), validators=picked(_l("Choose a language.")))
    title = short_text(_l("Title"), _l("Give it a title of one line."))
    themes = CheckboxesField(_l("Themes"), validators=picked(_l("Choose at least one theme.")))
    kinds = CheckboxesField(_l("Kinds of assistance"))
    countries = CheckboxesField(_l("Countries"))
    disclosure = RadioField(_l("Who may see it"), default="public", validators=picked(_l("Choose who may see it.")))
    subject_ref = HiddenField()

    def __init__(self, *args: Any, reader: Actor, spoken: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = writing_for(reader)
        self.organisation.choices = choices([(m.organisation_ref, m.organisation_name) for m in self.places])
        self.language.choices = choices([*LANGUAGES.items(), ARABIC])
        self.themes.choices = choices(theme_options(spoken))
        self.kinds.choices = choices(options("assistance_kinds", spoken))
        self.countries.choices = choices(country_options(spoken))
        self.disclosure.choices = choices(named(rules.TIERS, spoken))

    @property
    def organisation_id(self) -> int:
        """The organisation that was chosen; 0, which belongs to nobody, if it is none of this person's."""
        chosen = (m.organisation_id for m in self.places if m.organisation_ref == self.organisation.data)
        return next(chosen, 0)

    def shared(self) -> dict[str, Any]:
        """What goes into either kind of draft."""
        ref = str(self.subject_ref.data or "")
        return {
            "language": self.language.data,
            "title": self.title.data,
            "themes": tuple(self.themes.data or ()),
            "kinds": tuple(self.kinds.data or ()),
            "countries": tuple(self.countries.data or ()),
            "disclosure": self.disclosure.data,
            "subject_kind": rules.subject_kind(ref),
            "subject_ref": ref,
        }


class LessonForm(RecordForm):
    """When <context>, doing <action> led to <result>, because <cause>; next time <instruction>."""

    context = long_text(_l("When"), _l("Say when and where this was, and what was attempted."), LONGEST_PART)
    action = long_text(_l("What was done"), _l("Say what was done, and by whom."), LONGEST_PART)
    result = long_text(_l("What it led to"), _l("Say what came of it, with a figure if you have one."), LONGEST_PART)
    cause = long_text(_l("Why"), longest=LONGEST_PART)
    instruction = long_text(
        _l("Next time"), _l("Say what somebody else should do next time, as an instruction."), LONGEST_PART
    )
    verdict = RadioField(_l("How it went"), validators=picked(_l("Choose how it went.")))
    kind = RadioField(_l("Kind of lesson"), default="operational", validators=picked(_l("Choose the kind of lesson.")))
    criterion = SelectField(_l("Evaluation criterion"))
    stage = SelectField(_l("Stage of the work"))
    audiences = CheckboxesField(_l("Who should read it"))
    audience = short_text(_l("Others who should read it"))
    evidence = RadioField(
        _l("How you know"), default="observed", validators=picked(_l("Choose how well this is known."))
    )
    is_independent = BooleanField(_l("The evidence comes from somebody who did not take part"))
    view = SelectField(_l("Whose view this is"))
    review_by = DayField(_l("Look at it again by"))
    links = short_text(_l("Further records that taught it"), longest=LONGEST_PART)
    files = MultipleFileField(_l("Evidence"), [sound_files])
    unwanted_files = CheckboxesField(_l("Remove these files"))
    files_for_members = BooleanField(_l("Show the files to people of verified organisations alone"))

    def __init__(
        self,
        *args: Any,
        reader: Actor,
        spoken: str,
        sees: Callable[[str], bool],
        kept: Sequence[Attachment] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, reader=reader, spoken=spoken, **kwargs)
        self.sees = sees
        self.unwanted_files.choices = choices((file.ref, file.name) for file in kept)
        if not kept:
            del self.unwanted_files
        self.audiences.choices = choices(named(rules.AUDIENCES, spoken))
        self.verdict.choices = choices(named(rules.VERDICTS, spoken))
        self.kind.choices = choices(named(rules.KINDS, spoken))
        self.criterion.choices = choices(named(rules.CRITERIA, spoken), blank=_l("None in particular"))
        self.stage.choices = choices(named(rules.STAGES, spoken), blank=_l("No stage in particular"))
        self.evidence.choices = choices(named(rules.EVIDENCE, spoken))
        self.view.choices = choices(named(rules.VIEWS, spoken))
        if not (self.is_posted or self.view.data):
            self.view.data = self._likely_view()

    def _likely_view(self) -> str | None:
        """The view of the organisation that comes first; nothing is put into the mouth of a kind that has none."""
        return rules.VIEW_OF.get(self.places[0].organisation_kind) if self.places else None

    def validate_links(self, field: Any) -> None:
        """Refuse what is no reference, or names a record that this person may not see."""
        known, unknown = rules.references_in(field.data or "")
        wrong = next((word for word in (*unknown, *known) if word in unknown or not self.sees(word)), None)
        if wrong is not None:
            raise ValidationError(
                _l(
                    "There is no record “%(ref)s” that you may see. Give references such as G-7KQ2-MX4T.",
                    ref=wrong[:20],
                )
            )
        if len(known) > rules.MOST_LINKS:
            raise ValidationError(_l("Name the twelve that taught you most."))

    @property
    def linked(self) -> tuple[tuple[str, str], ...]:
        """The further records that were named, as (kind, reference)."""
        return tuple((rules.subject_kind(ref), ref) for ref in rules.references_in(self.links.data or "")[0])

    @property
    def chosen_files(self) -> list[tuple[str, bytes]]:
        """The files that were chosen, each with its plain name and its content."""
        return chosen_in(self.files)

    def draft(self) -> LessonDraft:
        """What was told, as plain values."""
        return LessonDraft(
            **self.shared(),
            context=self.context.data,
            action=self.action.data,
            result=self.result.data,
            cause=self.cause.data or "",
            instruction=self.instruction.data,
            verdict=self.verdict.data,
            kind=self.kind.data,
            criterion=self.criterion.data or "",
            stage=self.stage.data or "",
            audience=self.audience.data or "",
            evidence=self.evidence.data,
            is_independent=bool(self.is_independent.data),
            view=self.view.data,
            review_by=self.review_by.data,
            audiences=tuple(self.audiences.data or ()),
            links=self.linked,
            files_for_members=bool(self.files_for_members.data),
        )


def as_opened(lesson: Lesson, sees: Callable[[str], bool]) -> dict[str, Any]:
    """What the form shows when a lesson is opened for amending; links to what this person may not see stay out."""
    return {
        **{name: getattr(lesson, name) for name in OWN_PARTS},
        **opened_parts(lesson),
        "audiences": lesson.codes("audience"),
        "links": ", ".join(link.subject_ref for link in lesson.links if sees(link.subject_ref)),
        "files_for_members": lesson.field_disclosure.get("files") == "members",
    }


def opened_parts(record: Any) -> dict[str, Any]:
    """What the forms of lessons and outputs share, as it stands on a record."""
    return {
        "organisation": record.organisation.ref,
        "language": record.language,
        "title": record.title,
        "themes": record.codes("theme"),
        "kinds": record.codes("kind"),
        "countries": record.codes("country"),
        "disclosure": record.disclosure,
        "subject_ref": record.subject_ref,
        "version": record.version,
    }
