"""Own certificate files for the public endpoints, read again when they were renewed."""

import logging
import ssl
from pathlib import Path

from monitor.config.schema import Web
from monitor.problem import Problem

log = logging.getLogger(__name__)


class Certificate:
    """The files of `[web] certificate` and `key`, in the context that the server uses."""

    def __init__(self, chain: Path, key: Path) -> None:
        self._chain = chain
        self._key = key
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._stamp = self._read()

    def renew(self) -> bool:
        """Take changed files; says whether they were. Files that do not fit leave the old ones in use."""
        try:
            if self._stamps() == self._stamp:
                return False
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(self._chain, self._key)
            self._stamp = self._read()
        except (OSError, ssl.SSLError) as error:
            log.warning("the renewed certificate %s cannot be used: %s", self._chain, error)
            return False
        log.info("the certificate %s was renewed", self._chain)
        return True

    def _read(self) -> tuple[int, int]:
        stamp = self._stamps()
        self.context.load_cert_chain(self._chain, self._key)
        return stamp

    def _stamps(self) -> tuple[int, int]:
        return self._chain.stat().st_mtime_ns, self._key.stat().st_mtime_ns


def certificate_of(web: Web) -> Certificate | None:
    """None without one in the configuration. Raises Problem when the files cannot be used."""
    if not web.certificate and not web.key:
        return None
    if not web.certificate or not web.key:
        raise Problem('"web.certificate" and "web.key" go together: both are PEM files.')
    try:
        return Certificate(Path(web.certificate), Path(web.key))
    except OSError as error:  # ssl.SSLError is one
        why = error.strerror or str(error)
        raise Problem(
            f'"web.certificate": {web.certificate} with {web.key} cannot be used ({why}).'
        ) from error
