"""Which server sends whose mail: by list, by mailbox provider, by weight, and by who can. Pure.

Rows are shared by their number, not by turns: so every worker comes to the same division without asking
the others, and when a server stops, the rest of its rows falls to those who are left.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from data.lanes import EVERYTHING, PARTS, Work
from data.pools import Member


def chosen(
    works: Sequence[Work], members: Mapping[int, Sequence[Member]], usable: Collection[int]
) -> list[Work]:
    """What each lane's server has to do now, with its share of it."""
    found = []
    for work in works:
        mine = members.get(work.pool_id, ())
        part = shares(work.pool_id, mine, work.list_id, work.provider, usable).get(work.server_id)
        if part is not None:
            found.append(replace(work, share=part))
    return found


def shares(
    pool_id: int, members: Sequence[Member], list_id: int | None, provider: str, usable: Collection[int]
) -> Mapping[int, tuple[int, int]]:
    """{server: from which part to which}, of all those that have to do with this list and provider."""
    everybody = [Member(pool_id, pool_id), *members] if pool_id in usable else list(members)
    fitting = [
        member
        for member in everybody
        if member.server_id in usable
        and member.provider in ("", provider)
        and member.list_id in (None, list_id)
    ]
    if not fitting:
        return {}
    best = max(_rank(member) for member in fitting)
    return _divided([member for member in fitting if _rank(member) == best])


def _rank(member: Member) -> tuple[bool, bool, bool]:
    """Who is no spare comes first; then who was named for the list, and then for the provider."""
    return not member.spare, member.list_id is not None, bool(member.provider)


def _divided(members: Sequence[Member]) -> Mapping[int, tuple[int, int]]:
    """By weight, in the order of the servers; together they are everything."""
    weights: dict[int, int] = {}
    for member in sorted(members, key=lambda member: member.server_id):
        weights[member.server_id] = weights.get(member.server_id, 0) + max(member.weight, 1)
    total, below, found = sum(weights.values()), 0, {}
    for server_id, weight in weights.items():
        found[server_id] = (PARTS * below // total, PARTS * (below + weight) // total)
        below += weight
    return found if len(found) > 1 else dict.fromkeys(found, EVERYTHING)
