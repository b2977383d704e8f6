"""The columns of our table of who does what where, declared once: files and dictionary are made from it."""

from __future__ import annotations

from app.exchange.dictionary.rules import ADDRESS, CODE, DAY, LIST, NUMBER, TEXT, Column
from app.foundation.messages import msg

COLUMNS: tuple[Column, ...] = (
    Column("Organisation", "#org+name", TEXT, msg("Who gives the assistance, in its own language.")),
    Column("Organisation reference", "#org+id", CODE, msg("The reference of that organisation here.")),
    Column("Organisation IATI identifier", "#org+id+iati", CODE, msg("Its identifier in the IATI standard, if any.")),
    Column("Organisation type", "#org+type+code", CODE, msg("What kind of organisation it is."),
           code_list="IATI OrganisationType"),
    Column("Theme", "#sector+name", TEXT, msg("What the assistance is about, in English.")),
    Column("Theme code", "#sector+code+v_counterpart", CODE, msg("The code of that theme here."),
           code_list="Counterpart themes"),
    Column("Purpose code", "#sector+code+v_dac", CODE, msg("The purpose code that belongs to the theme."),
           code_list="OECD DAC purpose codes"),
    Column("Country", "#country+name", TEXT, msg("The country where it is done, in English.")),
    Column("Country code", "#country+code+v_iso2", CODE, msg("The code of that country."),
           code_list="ISO 3166-1 alpha-2"),
    Column("Grouping", "#region+code+v_counterpart", CODE,
           msg("The regional grouping, where it is for a whole one and names no country."),
           code_list="Counterpart groupings"),
    Column("Area", "#adm1+name", TEXT, msg("The first-level area of the country, where it is known.")),
    Column("Area code", "#adm1+code", CODE, msg("The code of that area, where it is known."),
           code_list="ISO 3166-2"),
    Column("Activity", "#activity+name", TEXT, msg("The title of the programme, or of the need that is pledged to.")),
    Column("Activity reference", "#activity+id", CODE, msg("The reference of the programme or pledge here.")),
    Column("Activity address", "#activity+url", ADDRESS, msg("Its page.")),
    Column("Activity kind", "#activity+kind", CODE, msg("What it is: programme or pledge."),
           code_list="programme, pledge"),
    Column("Assistance", "#activity+type+list", LIST, msg("The kinds of assistance that it gives."),
           code_list="Counterpart kinds of assistance"),
    Column("Status", "#status+code", CODE, msg("How far it is."), code_list="IATI ActivityStatus"),
    Column("Start", "#date+start", DAY, msg("The first day."), unit="ISO 8601, day"),
    Column("End", "#date+end", DAY, msg("The last day."), unit="ISO 8601, day"),
    Column("Amount", "#value", NUMBER,
           msg("The part of the money that is for this theme and place; the parts of an activity make up the whole."),
           unit="units of the currency beside it"),
    Column("Currency", "#value+currency", CODE, msg("The currency of the amount."), code_list="ISO 4217"),
    Column("Licence", "#meta+license", ADDRESS, msg("Under which licence the row is published.")),
)  # fmt: skip
HEADS = [column.name for column in COLUMNS]
TAGS = [column.tag for column in COLUMNS]
