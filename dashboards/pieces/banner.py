"""What is said above every page."""

import streamlit as st

from monitor.home import Home


def sandbox(home: Home) -> None:
    """The made-up world says so on every page."""
    if not home.is_sandbox:
        return
    with st.container(key="sandbox-banner", horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":material/science: **Sandbox.** Every domain, address and mailbox here is made up; "
            "the protocols are real. Start with your own: `homing init && homing up`"
        )
