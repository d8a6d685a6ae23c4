"""Charts: pure functions from rows to Plotly figures."""
