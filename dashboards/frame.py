"""The frame of every page: navigation, scope, banners, and what to do when there is nothing to read."""

from pathlib import Path

import streamlit as st

from dashboards.pieces import banner, scope
from dashboards.pieces.house import House, open_house
from dashboards.pieces.logo import show_logo
from data.panels import scope as known
from monitor.home import locate
from monitor.problem import Problem

HERE = Path(__file__).resolve().parent

PAGES = (
    st.Page(HERE / "views" / "now.py", title="Now", icon=":material/bolt:", default=True),
    st.Page(HERE / "views" / "domains.py", title="Domains", icon=":material/language:"),
    st.Page(HERE / "views" / "blocklists.py", title="Blocklists", icon=":material/block:"),
    st.Page(HERE / "views" / "campaign.py", title="Campaign", icon=":material/send:"),
    st.Page(HERE / "views" / "placement.py", title="Placement", icon=":material/all_inbox:"),
)


def draw() -> None:
    st.set_page_config(
        page_title="Homing",
        page_icon=str(HERE / "static" / "favicon.svg"),
        layout="wide",
        initial_sidebar_state="auto",
    )
    st.html(HERE / "style.css")
    show_logo()
    page = st.navigation(PAGES)
    banner.sandbox(locate())
    try:
        house = open_house()
    except Problem as problem:
        st.title("Nothing to show yet")
        st.info(str(problem), icon=":material/info:")
        return
    _sidebar(house)
    banner.trusted(house)
    page.run()


def _sidebar(house: House) -> None:
    with house.store.read() as connection:
        scope.choose(known.domains(connection), known.providers(connection))
    with st.sidebar:
        banner.single_user(house)


draw()
