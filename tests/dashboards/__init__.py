"""The dashboards: their pages, charts, guards and the queries behind them."""
