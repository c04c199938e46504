"""Charts. Provisional days are shaded."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

BLUE, ORANGE, GREEN, RED, GREY = "#146eb4", "#ff9900", "#5c9a3c", "#c0392b", "#9aa5b1"


def _provisional(frame: pd.DataFrame) -> alt.Chart | None:
    if "is_final" not in frame or frame["is_final"].fillna(False).all():
        return None
    open_days = frame.loc[~frame["is_final"].fillna(False).astype(bool), "date"]
    span = pd.DataFrame({"begin": [open_days.min()], "end": [open_days.max()]})
    return (
        alt.Chart(span)
        .mark_rect(color=GREY, opacity=0.15)
        .encode(x=alt.X("begin:T", title=None), x2="end:T", tooltip=alt.value("provisional"))
    )


def bars_and_line(
    frame: pd.DataFrame, bars: dict[str, str], line: tuple[str, str], money: str
) -> None:
    """Bars by day (column: label) on the left axis, a line on the right."""
    long = frame.melt("date", list(bars), "kind", "value")
    long["kind"] = long["kind"].map(bars)
    colours = alt.Scale(domain=list(bars.values()), range=[BLUE, ORANGE][: len(bars)])
    left = (
        alt.Chart(long)
        .mark_bar(size=9)
        .encode(
            x=alt.X("date:T", title=None),
            # one in front of the other: both stand on the ground
            y=alt.Y("value:Q", title=money, stack=None),
            color=alt.Color("kind:N", scale=colours, legend=alt.Legend(orient="top", title=None)),
            tooltip=["date:T", "kind:N", alt.Tooltip("value:Q", format=",.2f")],
        )
    )
    name, label = line
    right = (
        alt.Chart(frame)
        .mark_line(color=RED, point=alt.OverlayMarkDef(size=18, color=RED))
        .encode(
            x="date:T",
            y=alt.Y(f"{name}:Q", title=label, axis=alt.Axis(titleColor=RED)),
            tooltip=["date:T", alt.Tooltip(f"{name}:Q", title=label, format=".1f")],
        )
    )
    shade = _provisional(frame)
    layers = [layer for layer in (shade, left) if layer is not None]
    chart = alt.layer(alt.layer(*layers), right).resolve_scale(y="independent")
    st.altair_chart(chart.properties(height=300), use_container_width=True)


def lines(frame: pd.DataFrame, shown: dict[str, str], unit: str) -> None:
    """Lines by day (column: label)."""
    long = frame.melt("date", list(shown), "kind", "value")
    long["kind"] = long["kind"].map(shown)
    chart = (
        alt.Chart(long)
        .mark_line()
        .encode(
            x=alt.X("date:T", title=None),
            y=alt.Y("value:Q", title=unit),
            color=alt.Color("kind:N", legend=alt.Legend(orient="top", title=None)),
            tooltip=["date:T", "kind:N", alt.Tooltip("value:Q", format=",.2f")],
        )
    )
    shade = _provisional(frame)
    layers = [layer for layer in (shade, chart) if layer is not None]
    st.altair_chart(alt.layer(*layers).properties(height=280), use_container_width=True)


def waterfall(steps: list[tuple[str, float]], totals: set[str], money: str) -> None:
    """Steps that add up, with totals standing on the ground."""
    rows, level = [], 0.0
    for label, value in steps:
        begin = 0.0 if label in totals else level
        end = value if label in totals else level + value
        level = end
        kind = "total" if label in totals else ("plus" if value >= 0 else "minus")
        rows.append({"step": label, "begin": begin, "end": end, "value": value, "kind": kind})
    frame = pd.DataFrame(rows)
    scale = alt.Scale(domain=["total", "plus", "minus"], range=[BLUE, GREEN, RED])
    chart = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("step:N", sort=None, title=None, axis=alt.Axis(labelAngle=-30)),
            y=alt.Y("begin:Q", title=money),
            y2="end:Q",
            color=alt.Color("kind:N", scale=scale, legend=None),
            tooltip=["step:N", alt.Tooltip("value:Q", format=",.2f")],
        )
    )
    st.altair_chart(chart.properties(height=340), use_container_width=True)


def ranked(frame: pd.DataFrame, name: str, value: str, label: str) -> None:
    """The first of a list as horizontal bars, in its order."""
    chart = (
        alt.Chart(frame.head(12))
        .mark_bar(color=BLUE)
        .encode(
            y=alt.Y(f"{name}:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X(f"{value}:Q", title=label),
            tooltip=[name, alt.Tooltip(f"{value}:Q", format=",.2f")],
        )
    )
    st.altair_chart(chart.properties(height=330), use_container_width=True)
