"""Whether records that somebody is to publish are there: on each of the zone's own name servers."""
