"""Place of the Shopify Admin API (GraphQL and bulk operations), told from ``world.shop``.

The shop's facts are in the world already; the API that tells them is not built yet. It will add a
``blueprint(simulation)`` here and its entry in ``simulator.server.APIS``.
"""
