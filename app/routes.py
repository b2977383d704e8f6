"""The blueprints of the site, a line each."""

from __future__ import annotations

from importlib import import_module

from flask import Flask

BLUEPRINTS = (
    "app.overview.home",
    "app.overview.desk",
    "app.overview.views",
    "app.overview.radar.views",
    "app.overview.health",
    "app.overview.world.views",
    "app.overview.who.views",
    "app.overview.flows.views",
    "app.overview.timeline.views",
    "app.help.views",
    "app.showcase.views",
    "app.accounts.views",
    "app.accounts.language",
    "app.organisations.views",
    "app.needs.views",
    "app.needs.limits.views",
    "app.programmes.views",
    "app.courses.views",
    "app.lessons.pages",
    "app.lessons.outputs",
    "app.matching.advice.views",
    "app.search.views",
    "app.search.saved_views",
    "app.matching.views",
    "app.matching.feedback.views",
    "app.matching.relations.views",
    "app.matching.guard.views",
    "app.conversations.clarifications.views",
    "app.conversations.messages.views",
    "app.pledges.pages",
    "app.nominations.pages",
    "app.nominations.exchange.views",
    "app.nominations.sponsors.views",
    "app.notifications.views",
    "app.notifications.pace.views",
    "app.notifications.links.views",
    "app.notifications.alerts.views",
    "app.notifications.following.views",
    "app.record.views",
    "app.coordination.views",
    "app.upkeep.pages",
    "app.closing.views",
    "app.reports.views",
    "app.jobs.views",
    "app.operation.views",
    "app.exchange.iati_out.views",
    "app.exchange.intake.views",
    "app.exchange.feeds.views",
    "app.exchange.feeds.sitemap",
    "app.exchange.hxl.files",
    "app.exchange.hxl.sending",
    "app.exchange.dictionary.views",
    "app.api.views",
    "app.api.operations",
    "app.exchange.lists.views",
    "app.exchange.workbooks.views",
)


def init_app(app: Flask) -> None:
    """Publish every feature's routes."""
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(name).bp)
