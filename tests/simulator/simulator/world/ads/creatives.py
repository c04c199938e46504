"""Pictures and words: an advertiser's asset library, and the creatives made of it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from simulator.world.ads.entities import Ad, AdGroup, Campaign, Profile, identifier
from simulator.world.ads.lives import FOUNDED
from simulator.world.events import AdProduct
from simulator.world.randomness import chance

BRAND_KINDS = ("PRODUCT_COLLECTION", "BRAND_VIDEO", "STORE_SPOTLIGHT", "VIDEO")
_PICTURES = (
    # sub type, name, width, height
    ("LOGO", "northwind-logo.png", 400, 400),
    ("LOGO", "northwind-logo-dark.png", 400, 400),
    ("LIFESTYLE_IMAGE", "kitchen-morning.png", 1200, 628),
    ("LIFESTYLE_IMAGE", "Küche & Söhne.png", 1200, 628),
    ("LIFESTYLE_IMAGE", "キッチン.png", 1200, 628),
    ("LIFESTYLE_IMAGE", "table-set-square.png", 1080, 1080),
    ("PRODUCT_IMAGE", "skillet-square.png", 1080, 1080),
)
_VIDEOS = (
    ("BACKGROUND_VIDEO", "how-it-is-made.mp4", 1920, 1080),
    ("BACKGROUND_VIDEO", "unboxing.mp4", 1920, 1080),
)
_HEADLINES = (
    "Made for every day", 'The "good" pan', "Kochen & genießen", "毎日のキッチンに",
    "Sharp knives; happy cooks", "50% less plastic",
)  # fmt: skip
_REVISED_EVERY = 3


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of an advertiser's library."""

    asset_id: str
    version: str
    kind: str
    """IMAGE or VIDEO."""
    sub_type: str
    name: str
    width: int
    height: int
    created: date
    is_archived: bool

    @property
    def content(self) -> bytes:
        """The file itself, the same whenever it is fetched."""
        return _picture(self.asset_id) if self.kind == "IMAGE" else _film(self.asset_id)

    @property
    def content_type(self) -> str:
        """The file's media type."""
        return "image/png" if self.kind == "IMAGE" else "video/mp4"


@dataclass(frozen=True, slots=True)
class Creative:
    """One version of what an ad shows."""

    creative_id: str
    version: int
    kind: str
    headline: str
    logo: Asset
    images: tuple[Asset, ...]
    """A landscape and a square picture; none for a video."""
    video: Asset | None
    made: date


@lru_cache(maxsize=64)
def library(seed: int, profile: Profile) -> tuple[Asset, ...]:
    """All assets a profile ever has, by age."""
    files = [*(("IMAGE", *picture) for picture in _PICTURES), *(("VIDEO", *v) for v in _VIDEOS)]
    return tuple(
        Asset(
            f"amzn1.assetlibrary.asset1.{_hex(seed, profile, name)}", "version_v1", kind, sub_type,
            name, width, height, FOUNDED + timedelta(days=number),
            is_archived=number == 1,
        )
        for number, (kind, sub_type, name, width, height) in enumerate(files)
    )  # fmt: skip


def creatives(seed: int, campaign: Campaign, group: AdGroup, ad: Ad) -> tuple[Creative, ...]:
    """The versions of an ad's creative, oldest first; every third ad was revised once.

    Display ads share their ad group's creative.
    """
    profile, is_display = campaign.profile, campaign.ad_product is AdProduct.SPONSORED_DISPLAY
    subject = group.ad_group_id if is_display else ad.ad_id or group.ad_group_id
    random = chance(seed, "creative", profile.profile_id, subject)
    assets = [asset for asset in library(seed, profile) if not asset.is_archived]
    kind = random.choice(("IMAGE", "VIDEO") if is_display else BRAND_KINDS)
    if campaign.is_legacy:
        kind = "PRODUCT_COLLECTION"
    is_video = "VIDEO" in kind
    wide = [asset for asset in assets if asset.kind == "IMAGE" and asset.width > asset.height]
    square = [asset for asset in assets if asset.kind == "IMAGE" and asset.width == 1080]
    versions = 2 if random.randrange(_REVISED_EVERY) == 0 and not campaign.is_legacy else 1
    return tuple(
        Creative(
            identifier(seed, profile.profile_id, "creative", subject),
            number + 1,
            kind,
            random.choice(_HEADLINES),
            next(asset for asset in assets if asset.sub_type == "LOGO"),
            () if is_video else (random.choice(wide), random.choice(square)),
            random.choice([a for a in assets if a.kind == "VIDEO"]) if is_video else None,
            campaign.start + timedelta(days=20 * number),
        )
        for number in range(versions)
    )


def _hex(seed: int, profile: Profile, name: str) -> str:
    return f"{chance(seed, 'asset', profile.profile_id, name).getrandbits(128):032x}"


def _picture(subject: str) -> bytes:
    """A one-coloured PNG of 8 by 8: small, valid, and different for every asset."""
    colour = zlib.crc32(subject.encode()).to_bytes(4, "big")[:3]
    rows = (b"\0" + colour * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def _film(subject: str) -> bytes:
    """An MP4 box that names its subject; nobody plays it."""
    payload = b"isom\0\0\2\0isomiso2mp41" + subject.encode()
    return struct.pack(">I", len(payload) + 8) + b"ftyp" + payload
