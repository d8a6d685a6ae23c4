"""An instance with everything that a campaign needs: readers, a letter, a signed domain, a way out."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from data.own import add_own
from data.secrets import put_secret
from data.sending_domains import save_sending_domain
from data.servers import save_server
from data.templates import save_template
from monitor.app import App
from sender.delivery.keyring import secret_name
from tests.fakes.campaign import make_list
from tests.fakes.signing import private_pem

DOMAIN = "brand.test"
OWN = "ann@brand.test"
FROM = f"Ann <news@{DOMAIN}>"
HTML = '<p>Hello {{name|friend}}</p><a href="https://shop.test/">Shop</a>'


def stock(app: App, readers: int = 3, now: datetime | None = None, **domain: Any) -> None:
    """List "news", template "letter", domain brand.test with a key, server "sink", one own address."""
    now = now or app.now()
    with app.store.write() as connection:
        make_list(connection, [f"u{number}@x.test" for number in range(readers)])
        save_template(connection, "letter", now, subject="Hi {{name|friend}}", html=HTML)
        save_server(connection, "sink", "sink", {}, now)
        add_own(connection, OWN, now)
        add_domain(connection, app, now, **domain)


def add_domain(connection: Connection, app: App, now: datetime, **more: Any) -> None:
    parts = {"selector": "s1", "return_path_domain": f"rp.{DOMAIN}", "tracking_url": f"https://t.{DOMAIN}"}
    put_secret(connection, app.keys, secret_name(DOMAIN, "s1"), private_pem(), now)
    save_sending_domain(connection, DOMAIN, now, **(parts | more))
