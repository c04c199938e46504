import gzip
import random
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

from amazon_client.gunzip import DamagedGzip, Gunzip
from amazon_client.testing import Answer, LocalServer

TEXT = b"order-id\tamount\r\n" + b"".join(b"%d\t%d.50\r\n" % (n, n) for n in range(50_000))


def damaged(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


def test_any_cut_of_gzip_into_pieces_gives_the_same_bytes() -> None:
    rng = random.Random(5)
    for _ in range(50):
        kept: list[bytes] = []
        gunzip = Gunzip(kept.append)
        rest = gzip.compress(TEXT[:2000]) + gzip.compress(TEXT[2000:3000])
        while rest:
            cut = rng.randint(1, 60)
            gunzip.feed(rest[:cut])
            rest = rest[cut:]
        gunzip.finish()
        assert b"".join(kept) == TEXT[:3000]


def test_a_bomb_is_decompressed_in_small_parts() -> None:
    largest = 0

    def measure(part: bytes) -> None:
        nonlocal largest
        largest = max(largest, len(part))

    gunzip = Gunzip(measure)
    gunzip.feed(gzip.compress(b"\0" * 50_000_000))
    gunzip.finish()
    assert largest <= 1 << 20


def test_a_third_layer_of_gzip_is_not_unpacked() -> None:
    kept: list[bytes] = []
    gunzip = Gunzip(kept.append)
    inner = gzip.compress(b"x")
    gunzip.feed(gzip.compress(gzip.compress(inner)))
    gunzip.finish()
    assert b"".join(kept) == inner


def test_damage_is_told_without_the_library_s_exception() -> None:
    gunzip = Gunzip(lambda part: None)
    with pytest.raises(DamagedGzip) as caught:
        gunzip.feed(b"\x1f\x8b" + b"\xff" * 20)
    assert not isinstance(caught.value, zlib.error)


@pytest.mark.slow
def test_a_document_of_hundreds_of_megabytes_needs_little_memory(
    server: LocalServer, tmp_path: Path
) -> None:
    row = b'{"date":"2026-10-01","campaignId":158410630682987,"cost":14.5,"sales14d":71.96}'
    rows = 3_000_000
    packer = zlib.compressobj(1, wbits=31)
    body = packer.compress(b"[") + b"".join(
        packer.compress(b",".join([row] * 1000) + (b"," if n < rows // 1000 - 1 else b""))
        for n in range(rows // 1000)
    )
    server.on("GET", "/doc", Answer(body=body + packer.compress(b"]") + packer.flush()))
    program = f"""
import resource, sys
from pathlib import Path
from amazon_client.clock import SystemClock
from amazon_client.documents import read_json_array
from amazon_client.downloads import DocumentLocation, download
from amazon_client.read_only import ReadOnlySession
at_rest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
document = download(lambda fresh: DocumentLocation({server.url + "/doc"!r}), Path(sys.argv[1]),
                    session=ReadOnlySession(), clock=SystemClock())
rows = sum(1 for _ in read_json_array(document.path))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - at_rest
print(document.size, rows, grown)
"""
    printed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "doc")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    size, count, grown_kib = map(int, printed.split())
    assert (size, count) == (rows * (len(row) + 1) + 1, rows)
    assert size > 200_000_000
    assert grown_kib < 20_000
