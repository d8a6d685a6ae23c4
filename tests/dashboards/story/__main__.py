"""`python -m tests.dashboards.story FOLDER`: a home to look at, with `homing dashboard` or by hand."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from data.store import open_store
from monitor.home import Home, prepare
from tests.dashboards.story import tell

if __name__ == "__main__":
    home = prepare(Home(Path(sys.argv[1]).absolute()))
    home.store_path.unlink(missing_ok=True)
    (home.path / "SANDBOX").touch()
    store = open_store(home.store_url)
    tell(store, datetime.now(UTC))
    store.close()
