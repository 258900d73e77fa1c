"""Write docs/formats.md: `python -m tests.formats`."""

from tests.formats.shapes import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
