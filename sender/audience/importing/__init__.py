"""Files of people: read whatever they are, judge each row, and store what may be stored."""
