"""The Singer side of extraction: schemas, settings, streams and the tap that both taps build on."""

from amazon_client.singer.settings import common_settings
from amazon_client.singer.streams import AmazonStream
from amazon_client.singer.tap import AmazonTap

__all__ = ["AmazonStream", "AmazonTap", "common_settings"]
