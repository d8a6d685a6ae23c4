"""When, compare, tell: command line, configuration, schedule, incidents, alerts, placement."""
