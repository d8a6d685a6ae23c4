"""From looks to incidents: what counts, when somebody is told, and when it is over. Pure but for `track`."""
