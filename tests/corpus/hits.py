"""Adapter of the user agents."""

from sender.web.agents import Agent, judge_agent
from tests.corpus.cases import Case
from tests.corpus.suites import Output


def agent(case: Case) -> Output:
    """A proxy that fetches for a reader is no browser either."""
    return {"bot": judge_agent(case.input["ua"]).agent is not Agent.PERSON}
