"""The Sender Policy Framework (RFC 7208): parse, evaluate for one message, walk the whole tree, judge."""
