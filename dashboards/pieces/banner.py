"""What is said above every page, and below the scope."""

import streamlit as st

from dashboards.launch import LOOPBACK_NAMES
from dashboards.pieces import when
from dashboards.pieces.age import Trust, trust
from dashboards.pieces.house import House
from dashboards.pieces.plain import plain
from data.panels.instrument import rhythm, signs_of_life
from monitor.home import Home


def sandbox(home: Home) -> None:
    """The made-up world says so on every page."""
    if not home.is_sandbox:
        return
    with st.container(key="sandbox-banner"):
        st.markdown(
            ":material/science: **Sandbox.** Every domain, address and mailbox here is made up; "
            "the protocols are real. Start with your own: `homing init && homing up`"
        )


def trust_of(house: House) -> Trust:
    """Whether the pages may speak of now."""
    moment = when.now()
    with house.store.read() as connection:
        looks = rhythm(connection, "audit", moment)
        return trust(looks, signs_of_life(connection), moment, house.config.schedule.audit)


@st.fragment(run_every=15)
def trusted(house: House) -> None:
    """Above everything else: what follows is not about now."""
    found = trust_of(house)
    if found.whole:
        return
    told = found.because if found.since is None else f"{found.because} Nothing is known {since(found)}."
    with st.container(key="blind-banner"):
        st.markdown(
            f":material/visibility_off: **These pages do not show now.** {plain(told)} "
            "See the terminal of `homing up`, or the log folder of its home."
        )


def since(found: Trust) -> str:
    return "" if found.since is None else when.since(found.since, when.now(), when.zone())


def single_user(house: House) -> None:
    """Who may see this, said where the scope is."""
    if house.config.dashboard.host in LOOPBACK_NAMES:
        st.caption(":material/lock_open: Single user, on this machine only, so there is no sign-in.")
    else:
        st.caption(
            ":red[:material/lock_open: No sign-in, and other machines can reach this.] Whoever can open it "
            "sees everything: set `dashboard.host` to 127.0.0.1."
        )
