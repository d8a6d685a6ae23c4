"""The made-up recipients do what people and machines do, over real HTTP, and never leave the machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from checks.spf.terms import Result
from monitor.sandbox.browsing import Crowd, LeavesTheMachine, place, request
from monitor.sandbox.filing import Delivered
from monitor.sandbox.judging import Envelope, Judgement
from monitor.sandbox.people import APPLE_PREFETCH, GOOGLE_PROXY, Act, Deed, plan
from monitor.sandbox.providers import BY_DOMAIN, PROVIDERS
from monitor.sandbox.reading import read
from tests.fakes.background import background
from tests.sandbox.correspondence import NOW, RETURN_PATH, newsletter

Seen = list[tuple[str, str, str, str]]
UNHURRIED = Act(0, Deed.CLICK, "Browser", "203.0.113.9")


def delivered(rcpt: str, *, web: str = "http://127.0.0.1:1", folder: str = "INBOX") -> Delivered:
    provider = BY_DOMAIN[rcpt.rpartition("@")[2]]
    judgement = Judgement("harbour.test", Result.PASS, "bounce.harbour.test")
    envelope = Envelope("192.0.2.10", "mail.harbour.test", RETURN_PATH, rcpt)
    message = newsletter(rcpt, web=web, signed=False)
    return Delivered(provider, envelope, judgement, message, "AB00000001", NOW, folder)


@contextmanager
def website() -> Iterator[tuple[str, Seen]]:
    """A web server that remembers (method, path, user agent, body) and answers with a redirect away."""
    seen: Seen = []

    class Page(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            seen.append((self.command, self.path, self.headers["User-Agent"], body))
            self.send_response(302)
            self.send_header("Location", "https://example.org/away")
            self.end_headers()

        do_GET = do_POST = _answer  # noqa: N815 - the names that http.server calls

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", seen
        server.shutdown()
        thread.join()


def everybody(provider: str, count: int = 400) -> list[tuple[Act, ...]]:
    return [plan(delivered(f"reader{number}@{provider}.test"), seed=1) for number in range(count)]


def test_a_plan_is_the_same_in_every_run_and_another_for_another_seed() -> None:
    plans = [[plan(delivered(f"r{n}@gmail.test"), seed) for n in range(50)] for seed in (1, 1, 2)]

    assert plans[0] == plans[1] != plans[2]


def test_nobody_reads_junk() -> None:
    junk = [delivered(f"r{n}@{p.domain}", folder=p.junk) for p in PROVIDERS for n in range(20)]

    assert {plan(message, seed=1) for message in junk} == {()}


def test_about_two_in_five_people_open_and_some_of_those_click_or_leave() -> None:
    plans = everybody("proton")
    doing = [[act.deed for act in acts] for acts in plans]

    assert 120 < sum(Deed.LOAD_PICTURES in deeds for deeds in doing) < 230
    assert 20 < sum(Deed.CLICK in deeds for deeds in doing) < 90
    assert 1 <= sum(Deed.LEAVE in deeds for deeds in doing) < 20


def test_only_some_providers_report_that_a_reader_complained() -> None:
    complaining = {
        p.key
        for p in PROVIDERS
        if any(a.deed is Deed.COMPLAIN for acts in everybody(p.key, 2000) for a in acts)
    }

    assert complaining == {"yahoo"}


def test_machines_look_like_those_of_their_provider() -> None:
    """What labels an open as a machine's must find the marks that the real ones leave."""

    def agents(provider: str) -> set[str]:
        return {
            act.user_agent for acts in everybody(provider) for act in acts if act.deed is Deed.LOAD_PICTURES
        }

    assert APPLE_PREFETCH in agents("icloud")
    assert agents("gmail") == {GOOGLE_PROXY}
    assert all(acts[0].deed is Deed.FOLLOW_ALL for acts in everybody("corp"))
    assert APPLE_PREFETCH not in agents("outlook")


def test_a_message_is_read_as_a_mail_program_reads_it() -> None:
    contents = read(newsletter("ann@gmail.test", web="http://127.0.0.1:8525"))

    assert contents.pictures == ("http://127.0.0.1:8525/o/1.gif",)
    assert [link.rpartition("/")[2] for link in contents.links] == ["1", "2", "t1", "away"]
    assert contents.one_click == "http://127.0.0.1:8525/u/t1"
    assert read(newsletter("ann@gmail.test", bulk=False)).one_click == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "http://192.0.2.80/",
        "http://8.8.8.8/",
        "http://track.harbour.test/c/1",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "http://[2001:db8::1]/",
        "http://2130706433/",
        "//127.0.0.1/",
        "",
    ],
)
def test_nobody_follows_a_url_off_the_machine(url: str) -> None:
    """A mail in the sandbox may hold real links: the made-up people must not visit real sites."""
    with pytest.raises(LeavesTheMachine):
        request("GET", url, UNHURRIED)


def test_loopback_urls_are_kept_whole() -> None:
    assert place("http://127.0.0.1:8525/c/a?b=1&c=2") == ("127.0.0.1", 8525, "/c/a?b=1&c=2")
    assert place("http://localhost") == ("127.0.0.1", 80, "/")
    assert place("http://[::1]:81/x") == ("::1", 81, "/x")


async def read_letters(letters: list[Delivered]) -> None:
    crowd = Crowd(speed=1e6)
    for letter in letters:
        crowd.meet(letter)
    await crowd.see_out()


@pytest.mark.sockets
def test_a_crowd_does_what_it_planned_and_only_here() -> None:
    """Gateways follow every link by GET, people leave by POST, and the link away stays unvisited."""
    readers = [f"reader{n}@{provider.domain}" for provider in PROVIDERS for n in range(25)]
    doing = [act.deed for rcpt in readers for act in plan(delivered(rcpt), seed=1)]
    with website() as (web, seen), background() as behind:
        behind.do(read_letters([delivered(rcpt, web=web) for rcpt in readers]))

    requests = [(method, path, body) for method, path, _, body in seen]
    assert requests.count(("GET", "/o/1.gif", "")) == doing.count(Deed.LOAD_PICTURES)
    assert requests.count(("GET", "/u/t1", "")) >= doing.count(Deed.FOLLOW_ALL) == 25
    assert requests.count(("POST", "/u/t1", "List-Unsubscribe=One-Click")) == doing.count(Deed.LEAVE) > 0
    assert {path for _, path, _ in requests} == {"/o/1.gif", "/c/1", "/c/2", "/u/t1"}
