"""singer-io's tap-shopify as Tandem runs it.

The tap does the reading. Around it, this package

- puts ``store_id`` and ``extracted_at`` on every row, columns into snake_case, money into exact
  decimals and every object or list into one JSON column (``messages``, ``schemas``);
- reads windows whole where the tap could skip one, and the shelf from its beginning (``streams``);
- waits for the API's budget instead of failing (``budget``), and lets no stream stop another;
- says what went wrong, and logs as Meltano wants it (``logs``);
- fills in what a shop's configuration need not say (``settings``).
"""
