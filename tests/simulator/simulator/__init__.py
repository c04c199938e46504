"""Stands in for Login with Amazon, SP-API, the Ads API and Shopify, all telling one story.

``simulator.world`` is what happened; ``amazon_sp``, ``amazon_ads`` and ``shopify`` are how each API
tells it. See the README beside this package.
"""
