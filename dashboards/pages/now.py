"""Now: is anything broken? Answered in five seconds."""

import streamlit as st

from dashboards.pieces.house import open_house
from dashboards.pieces.plain import plain
from data.panels.incidents import open_incidents


@st.fragment(run_every=10)
def draw() -> None:
    with open_house().store.read() as connection:
        incidents = open_incidents(connection)
    st.title("Now")
    st.metric("Open incidents", len(incidents), border=True)
    for incident in incidents:
        st.markdown(f"**{incident.severity}** {plain(incident.subject)}, {plain(incident.code)}")


draw()
