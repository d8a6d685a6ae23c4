"""What a User-Agent says about who fetched: a person's program, a mail service's proxy, or a machine.

Nobody can list every robot, so the rules describe what a browser looks like (a platform in brackets after
Mozilla/5.0, an engine, a browser; RFC 9110 section 10.1.5) and what programs say of themselves: a contact
address, a homepage, a word for what they do. The platform names devices of every maker, so only words that
no device is called are looked for in it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

LONGEST = 600
BROWSER_FORM = re.compile(r"Mozilla/\d\.\d+ \(([^()]*(?:\([^()]*\)[^()]*)*)\)?(.*)", re.DOTALL)
OLD_OPERA = re.compile(r"Opera/\d+\.\d+ \(")

MAIL_PROGRAMS = re.compile(
    r"^(?:Outlook-(?:iOS|Android)|Microsoft Office/\d|Microsoft Outlook|Thunderbird|Airmail|AppleMail|Spark/|"
    r"Dalvik/|Mail/\d|MailMate|Postbox|eM ?Client|The Bat|Evolution|KMail|Lotus-Notes|Windows-?Mail)",
    re.IGNORECASE,
)
"""Programs in which people read mail and that do not call themselves Mozilla."""

PROXIES = re.compile(
    r"GoogleImageProxy|YahooMailProxy|Fastmail|Shortwave|Image-?Proxy|MailProxy", re.IGNORECASE
)

OFFICE = re.compile(r"\bMSIE \d|ms-office|MSOffice|Microsoft Outlook|Trident/\d", re.IGNORECASE)
"""Real programs that write `compatible;` as robots do."""

CONTACT = re.compile(
    r"https?:|www\.|\+http|[\w.+-]+@[a-z][a-z0-9-]*\.[a-z]{2}|\bat \w+ dot \w+|"
    r"\b[a-z0-9-]+\.(?:com|org|net|io|app|ai|dev|info|html?|php|co)\b",
    re.IGNORECASE,
)
SYSTEM = re.compile(
    r"Windows|Macintosh|Mac OS|iPhone|iPad|iPod|X11|Linux|Android|CrOS|Tizen|SMART-TV|Web0S|PlayStation|"
    r"Nintendo|Xbox|KAIOS|Mobile|Tablet|BlackBerry|BB10|PlayBook|Symbian|SymbOS|Series\d|Ubuntu|FreeBSD|OpenBSD|"
    r"SunOS|Haiku|OS/2|Amiga|Fuchsia|HarmonyOS|OpenHarmony",
)
NEVER_A_DEVICE = re.compile(
    r"bots?\b|bot[/_-]|(?<!cu)bot\d*\Z|robot|crawl|spider|scrap|slurp|fetcher|monitor(?:ing)?\b|checker|validator|"
    r"preview|headless|phantom|archiver|link ?check|lighthouse",
    re.IGNORECASE,
)
TRADES = re.compile(
    # what they do
    r"bot\b|bots\b|bot[/_-]|robot|crawl|spider|scrap|slurp|fetch|archiv|index|monitor|uptime|preview|unfurl|"
    r"embed|validat|verif|check|scan|analy[sz]|audit|inspect|optimi[sz]|lighthouse|metrix|page ?speed|"
    r"speed ?test|insight|synthetic|"
    r"search|seo\b|rank|backlink|site ?map|harvest|extract|grab|download|copier|finder|explorer/|survey|"
    r"externalhit|thumb|screenshot|snapshot|render|capture|feed|rss|podcast|aggregat|syndicat|planet|"
    r"cache|gateway|relay|hook|cron|schedul|agent\b|agentcore|assistant|gpt|llm|tester|testing|probe|research|"
    # what they are written in
    r"http-?(?:client|request|unit)|okhttp|urllib|requests|aiohttp|httpx|curl|wget|libwww|lwp|indy library|"
    r"python|perl|ruby|java(?!script)|php|golang|node\b|axios|undici|\.net\b|puppeteer|playwright|selenium|"
    r"webdriver|phantom|headless|"
    # who looks before people do
    r"urldefense|safelinks|barracuda|mimecast|proofpoint|forcepoint|symantec|trend ?micro|sophos|zscaler|"
    r"fireeye|cloudmark|ironport|messagelabs|fortinet|threat|malware|phish|urlscan|security ?headers|"
    r"existence ?discovery|facebookexternalhit|skypeuri|mastodon|misskey|pleroma|lemmy|"
    r"w3c|ssl|tls|whois|hosting|google-|mediapartners|appengine|bingpreview|"
    # measuring stations and readers that look like the browser they drive
    r"ptst/|pingdom|hotjar|favicon|hardenize|silktide|collapsify|outbrain|ai/\d",
    re.IGNORECASE,
)


class Agent(StrEnum):
    PERSON = "person"
    PROXY = "proxy"
    """A mail service that fetches images for its readers: somebody opened, we cannot say where."""
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class AgentVerdict:
    agent: Agent
    evidence: str = ""


@lru_cache(4096)
def judge_agent(header: str) -> AgentVerdict:
    """The User-Agent header of a request; "" if it had none."""
    text = header[:LONGEST].strip()
    if not text:
        return _machine("no User-Agent")
    if match := PROXIES.search(text):
        return AgentVerdict(Agent.PROXY, f"User-Agent names {match[0]}")
    if text == "Mozilla/5.0":
        return _machine("User-Agent is Mozilla/5.0 alone, as Apple Mail Privacy Protection fetches ahead")
    if MAIL_PROGRAMS.match(text) or OLD_OPERA.match(text):
        return AgentVerdict(Agent.PERSON)
    browser = BROWSER_FORM.match(text)
    if not browser:
        return _machine(f"User-Agent has not the form of a browser's: {text[:60]}")
    platform, products = browser[1], browser[2]
    if OFFICE.search(platform) and not CONTACT.search(text) and not NEVER_A_DEVICE.search(text):
        return AgentVerdict(Agent.PERSON)
    return _by_words(platform, products)


def _by_words(platform: str, products: str) -> AgentVerdict:
    if platform.lower().startswith("compatible"):
        return _machine("User-Agent says `compatible`, as robots do")
    if not SYSTEM.search(platform):
        return _machine(f"User-Agent names no system: {platform[:60]}")
    if match := NEVER_A_DEVICE.search(platform) or CONTACT.search(platform):
        return _machine(f"User-Agent says `{match[0]}`")
    if match := TRADES.search(products) or CONTACT.search(products):
        return _machine(f"User-Agent says `{match[0]}`")
    if match := re.search(r"like Gecko; ([^)]{1,60})", products):
        return _machine(f"User-Agent adds `{match[1]}` to its engine")
    return AgentVerdict(Agent.PERSON)


def _machine(evidence: str) -> AgentVerdict:
    return AgentVerdict(Agent.MACHINE, evidence)
