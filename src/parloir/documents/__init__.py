"""Pages for people, from templates and values: HTML that needs no network, PDF/A with fixed bytes.

A template belongs to the room whose words it holds; this room only makes any text safe to show.
"""

from parloir.documents.html import Page, render_html
from parloir.documents.pdf import Sheet, render_pdf
from parloir.documents.text import visible

__all__ = ["Page", "Sheet", "render_html", "render_pdf", "visible"]
