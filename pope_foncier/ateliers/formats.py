"""Forms of the minutes: extension of the file, name on a page, media type."""

from __future__ import annotations

from typing import Literal

Format = Literal["html", "docx", "md", "yaml"]
"""The last one is the file of the scenarios."""
NOMS: dict[Format, str] = {"html": "Page", "docx": "Word", "md": "Texte", "yaml": "Scénarios"}
GENRES: dict[str, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
    "yaml": "application/yaml; charset=utf-8",
}
