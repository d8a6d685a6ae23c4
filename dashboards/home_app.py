"""The dashboards as an ASGI application: Streamlit, behind the guards that it does not bring itself.

`streamlit run` (see launch.py) finds `app` here and serves it; `frame.py` is the script that draws.
"""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from dashboards import ready
from dashboards.guards import Guards

ready.load()

app = st.App(
    Path(__file__).resolve().with_name("frame.py"),
    middleware=[
        Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
        Middleware(Guards),
    ],
)
