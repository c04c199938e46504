from __future__ import annotations

from tap_shopify_adapter.selection import whole_columns


def test_a_selected_column_is_read_with_all_that_is_in_it() -> None:
    of_stream = {"breadcrumb": [], "metadata": {"selected": True}}
    of_column = {"breadcrumb": ["properties", "item"], "metadata": {"selected": True}}
    inside = {
        "breadcrumb": ["properties", "item", "properties", "id"],
        "metadata": {"inclusion": "available", "selected": False},
    }
    catalog = {"streams": [{"stream": "levels", "metadata": [of_stream, of_column, inside]}]}
    assert whole_columns(catalog) == {
        "streams": [{"stream": "levels", "metadata": [of_stream, of_column]}]
    }
