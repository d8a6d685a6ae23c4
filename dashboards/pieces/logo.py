"""Homing's mark and name, drawn in the colours of the theme."""

import streamlit as st

from dashboards.charts.palette import palette

MARK = (
    '<circle cx="16" cy="16" r="13.5" fill="none" stroke="{accent}" stroke-width="2" opacity=".35"/>'
    '<circle cx="16" cy="16" r="8" fill="none" stroke="{accent}" stroke-width="2" opacity=".65"/>'
    '<path d="M28.5 3.5 L16 16" stroke="{accent}" stroke-width="2.4" stroke-linecap="round"/>'
    '<path d="M16.2 9.4 L16 16 L22.6 15.8" fill="none" stroke="{accent}" stroke-width="2.4" '
    'stroke-linecap="round" stroke-linejoin="round"/>'
)
WORD = (
    '<text x="41" y="22.5" font-family="Inter, system-ui, sans-serif" font-size="19" font-weight="650" '
    'letter-spacing="-.4" fill="{ink}">Homing</text>'
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 32" height="32" width="{width}">'
    "{body}</svg>"
)


def show_logo() -> None:
    colours = palette(mode())
    ink = {"accent": colours.series[0], "ink": colours.foreground}
    whole = SVG.format(width=126, body=(MARK + WORD).format(**ink))
    st.logo(whole, size="medium", icon_image=SVG.format(width=32, body=MARK.format(**ink)))


def mode() -> str:
    """ "light" or "dark": what the browser shows now."""
    return str(st.context.theme.type or "light")
