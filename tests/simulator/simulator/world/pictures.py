"""The pictures of the products' detail pages."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.world.randomness import chance

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_LONG_SIDES = (2560, 500)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture in one size; the same picture exists in several."""

    variant: str
    """MAIN, or PT01 and on."""
    link: str
    width: int
    height: int


def pictures(seed: int, asin: str) -> tuple[Picture, ...]:
    """The pictures of an ASIN, each large and small; the main one may be portrait or landscape."""
    random = chance(seed, "pictures", asin)
    variants = ["MAIN", *(f"PT{number:02d}" for number in range(1, random.randint(2, 6)))]
    ratio = random.choice((1.0, 0.75, 0.5))
    wide = random.random() < 0.5
    found = []
    for variant in variants:
        for side in _LONG_SIDES:
            name = "".join(random.choices(_ALPHABET, k=10))
            short = int(side * ratio)
            width, height = (side, short) if wide else (short, side)
            link = f"https://m.media-amazon.com/images/I/{name}.jpg"
            found.append(Picture(variant, link, width, height))
    return tuple(found)
