"""The document base that the platform comes with (S1:363-385): drawn in each brand's words, published by a caseworker through the API.

What they say is read in the brand files and in the rules of the services: a setting that changes changes the guides at the next drawing.
"""

from affilia.library.publishing import publish
from affilia.library.shelf import SHELF, draw
from affilia.library.sources import Sources, sources

__all__ = ["SHELF", "Sources", "draw", "publish", "sources"]
