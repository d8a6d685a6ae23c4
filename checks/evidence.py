"""Answers into evidence: what a finding rests on, as it came."""

from checks.model import Evidence
from checks.ports import Answer

LONGEST = 4_000
"""Characters of an answer that evidence keeps."""


def evidence_of(answer: Answer, path: tuple[str, ...] = ()) -> Evidence:
    """One DNS answer as evidence; `path` tells how we came to ask, CNAMEs that were followed at its end."""
    return Evidence(
        name=answer.question.name,
        type=answer.question.rdtype,
        answer=shown_answer(answer)[:LONGEST],
        resolver=answer.resolver,
        at=answer.at,
        ttl=answer.ttl,
        path=(*path, *(f"cname:{name}" for name in answer.chain)),
    )


def shown_answer(answer: Answer) -> str:
    """The records one a line, "nodata", "nxdomain", or "failed: timeout (…)"."""
    if answer.why is not None:
        return f"failed: {answer.why.value}" + (f" ({answer.note})" if answer.note else "")
    return "\n".join(answer.texts) if answer.records else answer.got.value


def why_of(answer: Answer) -> str:
    """Why an answer failed, for a sentence."""
    return answer.note or (answer.why.value if answer.why else answer.got.value)
