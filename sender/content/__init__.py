"""From a template and a person's fields to the bytes of a message. Pure: no store, no socket, no clock."""
