"""What is true of a domain, an address, a message: facts and judgement. Only `checks.net` opens sockets."""
