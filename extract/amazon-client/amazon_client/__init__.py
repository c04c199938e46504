"""What a read-only client of Amazon's Selling Partner API and Ads API needs, once.

Modules, from the ground up: `clock`, `marketplaces`, `errors`, `redaction`, `retry`,
`operations`, `rate_limits`, `read_only`, `lwa`, `http`, `downloads`, `documents`, `records`;
on top of them `extraction` (the report queue) and `singer` (the base of both taps).
"""
