"""What people type: campaign names, with all that breaks a naive reader, and search words."""

from __future__ import annotations

from random import Random

from simulator.world.events import AdProduct

_SHORT = {
    AdProduct.SPONSORED_PRODUCTS: "SP",
    AdProduct.SPONSORED_BRANDS: "SB",
    AdProduct.SPONSORED_DISPLAY: "SD",
}
# Quotes, SQL, HTML, JSON and CSV syntax, escapes, wide and combined characters.
_AWKWARD = (
    'The "Kitchen" line, 50% off',
    "Robert'); DROP TABLE campaigns;--",
    '<script>alert("spend")</script> & Söhne',
    "キッチン用品 🍳 e\u0301te\u0301",
    'Brace }, { "trap": [1] }, back\\slash\\n',
    "semi;colon, tab\tand | pipe",
    "$1 :bind {{ jinja }} %s ' OR 1=1",
)
_PLAIN = ("Core", "Best sellers", "Launch", "Defence", "Competitors", "Seasonal", "Clearance")
_WORDS = (
    "steel pan", "cast iron pot", "chef knife", "cutting board", "storage jar", "tea kettle",
    "baking tray", "salad bowl", "dish rack", "spice grinder", "pizza stone", "lunch box",
    "coffee press", "wine glass", "oven glove", "mixing bowl", "kitchen scale", "ice tray",
)  # fmt: skip
_QUALIFIERS = ("large", "for two", "dishwasher safe", "gift", "set of 4", 'with lid 8"', "bpa-free")


def campaign_name(product: AdProduct, place: str) -> str:
    """A name that no other campaign of the profile and ad product has; every other is awkward."""
    number, _, season = place.partition(".")
    themes = _AWKWARD if int(number) % 2 else _PLAIN
    # Few campaigns of a kind are enough to meet most of the traps.
    first = {AdProduct.SPONSORED_BRANDS: 3, AdProduct.SPONSORED_DISPLAY: 4}.get(product, 0)
    theme = themes[(first + int(number) // 2) % len(themes)]
    return f"{_SHORT[product]} | {theme} | {int(number):03d}{season and f' season {season}'}"


def keyword(random: Random, taken: set[str]) -> str:
    """A keyword that the ad group does not bid on yet."""
    while True:
        words = random.choice(_WORDS)
        if random.random() < 0.6:
            words = f"{words} {random.choice(_QUALIFIERS)}"
        if words not in taken:
            taken.add(words)
            return words


def searches(random: Random, text: str, match_type: str) -> tuple[str, ...]:
    """What shoppers type to see an ad for a keyword of this match type."""
    if match_type == "EXACT":
        return (text, f"{text}s")
    if match_type == "PHRASE":
        return tuple(f"{qualifier} {text}" for qualifier in random.sample(_QUALIFIERS, 3))
    return (*random.sample(_WORDS, 2), f"{text} {random.choice(_QUALIFIERS)}", "Pfännchen groß")
