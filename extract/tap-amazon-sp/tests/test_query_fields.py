"""Fields are taken out of a query, and nothing else of it changes."""

from __future__ import annotations

from tap_amazon_sp.query_fields import named_in, selected, without

QUERY = (
    '{schema{list(filters:[{marketplaceId:"A" asins:["B","{x}"]}] days:"2026-11-24")'
    "{date sales{total{amount code} units unitsB2B} traffic{viewsB2B}}}}"
)


def test_the_selected_values_are_found_whatever_the_arguments_hold() -> None:
    assert selected(QUERY) == [
        ("date",),
        ("sales", "total", "amount"),
        ("sales", "total", "code"),
        ("sales", "units"),
        ("sales", "unitsB2B"),
        ("traffic", "viewsB2B"),
    ]


def test_a_field_goes_and_so_does_an_object_of_which_nothing_is_left() -> None:
    assert without(QUERY, [("sales", "unitsB2B"), ("traffic", "viewsB2B")]) == (
        '{schema{list(filters:[{marketplaceId:"A" asins:["B","{x}"]}] days:"2026-11-24")'
        "{date sales{total{amount code} units}}}}"
    )


def test_a_refusal_names_fields_with_or_without_what_is_above_them() -> None:
    said = "Unauthorized to access requested fields. (BySales.unitsB2B, traffic.viewsB2B)"
    assert named_in(said, QUERY) == [("sales", "unitsB2B"), ("traffic", "viewsB2B")]
    assert named_in("no field: schema.list", QUERY) == []
    assert named_in("sales.total", QUERY) == [
        ("sales", "total", "amount"),
        ("sales", "total", "code"),
    ]
