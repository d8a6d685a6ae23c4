"""The frame of every page: navigation, the sandbox's banner, and what to do when there is nothing to read."""

from pathlib import Path

import streamlit as st

from dashboards.pieces import banner
from dashboards.pieces.house import open_house
from monitor.home import locate
from monitor.problem import Problem

HERE = Path(__file__).resolve().parent

PAGES = (st.Page(HERE / "pages" / "now.py", title="Now", icon=":material/bolt:", default=True),)


def draw() -> None:
    st.set_page_config(page_title="Homing", page_icon=":material/home_pin:", layout="wide")
    st.html(HERE / "style.css")
    page = st.navigation(PAGES)
    banner.sandbox(locate())
    try:
        open_house()
    except Problem as problem:
        st.title("Nothing to show yet")
        st.info(str(problem), icon=":material/info:")
        return
    page.run()


draw()
