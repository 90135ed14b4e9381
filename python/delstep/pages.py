"""Where the page of a session is."""

from __future__ import annotations

import html
from dataclasses import dataclass


@dataclass(frozen=True)
class PageAddresses:
    """The two addresses of a page. Each has a token in it: who knows an address has its rights, for as
    long as the page is served. A notebook shows them as links."""

    #: Who opens it may do everything.
    command: str
    #: Who opens it may only look: for a class.
    watch: str

    def __repr__(self) -> str:
        return f"page: {self.command}\nto look on: {self.watch}"

    def _repr_html_(self) -> str:
        links = [f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{text}</a>'
                 for address, text in ((self.command, "Open the page"), (self.watch, "only look"))]
        return f"<p>{links[0]} ({links[1]})</p>"
