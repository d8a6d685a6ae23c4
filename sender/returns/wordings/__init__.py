"""What receivers write when they refuse, as tables: the first row that fits decides.

The rows were written from the vendors' own pages and from reading bounces; they are kept general, because
every provider words the same dozen reasons in its own way. The order of the tables and of their rows is
part of the rule.

Matching is done on lower-case text in which addresses read `addr`, IP addresses `ip`, and runs of white
space and underscores one blank (`sender.returns.classify.normal`).
"""

from sender.returns.wordings.mailboxes import MAILBOXES
from sender.returns.wordings.providers import PROVIDERS
from sender.returns.wordings.row import Wording
from sender.returns.wordings.senders import SENDERS
from sender.returns.wordings.ways import WAYS

GENERAL = (*SENDERS, *MAILBOXES, *WAYS)

__all__ = ["GENERAL", "PROVIDERS", "Wording"]
