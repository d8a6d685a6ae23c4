"""The lab's own name servers do what tests rely on."""

import dns.message
import dns.query
import dns.rcode
import pytest

from tests.lab.nameservers import Blocklist, name_servers


@pytest.mark.lab("dns")
def test_a_zone_and_a_blocklist_are_served_through_the_resolver() -> None:
    listing = Blocklist(
        "bl.lab.test", "ip4set", [":127.0.0.2:listed, see https://bl.lab.test/?$", "127.0.0.2"]
    )
    zone = '@ 60 TXT "v=spf1 ip4:192.0.2.1 -all"\n'
    with name_servers({"sender.test": zone}, [listing]) as servers:

        def ask(name: str, rdtype: str) -> dns.message.Message:
            host, port = servers.resolver
            return dns.query.udp(dns.message.make_query(name, rdtype), host, port=port, timeout=3)

        assert "v=spf1" in ask("sender.test.", "TXT").answer[0].to_text()
        assert ask("gone.sender.test.", "A").rcode() == dns.rcode.NXDOMAIN
        assert "127.0.0.2" in ask("2.0.0.127.bl.lab.test.", "A").answer[0].to_text()
        assert ask("1.0.0.127.bl.lab.test.", "A").rcode() == dns.rcode.NXDOMAIN
