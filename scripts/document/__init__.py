"""An OpenAPI document as the templates see it.

openapi-python-client hands the templates most of a document, but neither its servers, its security schemes, its
callbacks nor the extensions of its operations. `Document` reads those from the raw document, and gives the parser a
copy of it that is reduced to what becomes code. Nothing here knows a particular API.
"""

from .loading import METHODS, DocumentError, load
from .rules import Callback, Follower, NamedValues, Rules
from .words import Words

__all__ = ["METHODS", "Callback", "Document", "DocumentError", "Follower", "NamedValues", "load"]


class Document(Rules, Words):
    """A whole document, and the questions that templates ask about it."""
