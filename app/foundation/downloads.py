"""Giving out the files that people attached: as a download and nothing else, whatever a file may pretend to be."""

from __future__ import annotations

from typing import Any

from werkzeug.utils import send_file

from app.foundation.files import Attachment, file_path
from app.foundation.looking.rules import may_be_given_out
from app.foundation.web import found, request, site

SANDBOX = "sandbox; default-src 'none'"


def download(attachment: Attachment) -> Any:
    """The file as an answer, never shown in a page of ours. The caller has made sure that the reader may see it.

    It is a 404 where its content is gone, and where it waits for the scanner or was refused by it.
    """
    found(may_be_given_out(attachment.state) or None)
    path = file_path(site().settings.data_dir, attachment.sha256)
    found(path if path.exists() else None)
    answer = send_file(
        path, request.environ, mimetype="application/octet-stream", as_attachment=True, download_name=attachment.name
    )
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer
