"""What the merchant sells and where: products, and their offers in the marketplaces."""

from __future__ import annotations

from decimal import Decimal

from simulator.world.events import FulfilledBy, Listing, Product
from simulator.world.marketplaces import BY_COUNTRY, PAN_EU, Market
from simulator.world.randomness import chance
from simulator.world.sizes import Size

BRAND = "Northwind"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_KINDS = (
    ("Stoneware Mug", "MUG", "Kitchen", "Steinzeugbecher für Kaffee", "陶器マグカップ", 14),
    ("Chef's Knife", "KNF", "Kitchen", "Kochmesser für die Küche", "シェフナイフ", 48),
    ("Salt & Pepper Mill", "MIL", "Kitchen", "Salz- & Pfeffermühle", "ソルト&ペッパーミル", 26),
    ("Linen Apron", "APR", "Textiles", "Leinenschürze", "リネンエプロン", 22),
    ("Cast Iron Skillet", "SKL", "Kitchen", "Gusseiserne Bratpfanne", "鋳鉄スキレット", 39),
    ("Glass Storage Jar", "JAR", "Storage", "Vorratsglas für Müsli", "ガラス保存瓶", 17),
    ("Bamboo Cutting Board", "BRD", "Kitchen", "Schneidebrett aus Bambus, groß", "竹まな板", 29),
    ("Cotton Tea Towel", "TWL", "Textiles", "Geschirrtuch, 3 Stück", "コットンふきん", 12),
    (
        "Pour-Over Coffee Set",
        "POC",
        "Coffee",
        "Handfilter-Set für Kaffee",
        "コーヒードリッパー",
        34,
    ),
    ("Oak Wine Rack", "RCK", "Storage", "Weinregal aus Eiche", "オークワインラック", 59),
)
_COLOURS = ("Sand", "Slate", "Forest", "Ivory", "Ochre", "Indigo", "Rust", "Charcoal")


def products(seed: int, size: Size) -> tuple[Product, ...]:
    """The products, the first ones selling most; up to four colours share a parent ASIN."""
    shares = [1 / (rank + 4) for rank in range(size.products)]
    return tuple(
        _product(seed, number, share / sum(shares)) for number, share in enumerate(shares, start=1)
    )


def _product(seed: int, number: int, popularity: float) -> Product:
    random = chance(seed, "product", number)
    family = (number - 1) // 4
    kind, _, category, _, _, base = _KINDS[family % len(_KINDS)]
    price = Decimal(base + random.randint(0, 9)) + Decimal("0.99")
    return Product(
        number=number,
        asin=asin(seed, f"child-{number}"),
        parent_asin=asin(seed, f"parent-{family}"),
        title=f"{BRAND} {kind}, {_COLOURS[number % len(_COLOURS)]}",
        brand=BRAND,
        category=category,
        price_usd=price,
        cost_usd=(price * Decimal(random.randint(22, 38)) / 100).quantize(Decimal("0.01")),
        ean=_ean(number),
        popularity=popularity,
    )


def asin(seed: int, subject: str) -> str:
    """An ASIN of Amazon's form; 34⁸ of them make a collision no concern."""
    return "B0" + "".join(chance(seed, "asin", subject).choices(_ALPHABET, k=8))


def _ean(number: int) -> str:
    digits = f"40{number:010d}"
    odd, even = sum(map(int, digits[0::2])), sum(map(int, digits[1::2]))
    return f"{digits}{-(odd + 3 * even) % 10}"


def seller_sku(product: Product) -> str:
    """The main SKU. Every seventh is all digits with leading zeros, which must stay text."""
    if product.number % 7 == 0:
        return f"{product.number:08d}"
    code = _KINDS[(product.number - 1) // 4 % len(_KINDS)][1]
    return f"NW-{code}-{product.number:04d}"


def fn_sku(seed: int, product: Product, pool: str, condition: str = "NewItem") -> str:
    """Amazon's label of the product in a pool."""
    subject = ("fnsku", product.number, "eu" if pool == PAN_EU else "all", condition)
    return "X00" + "".join(chance(seed, *subject).choices(_ALPHABET, k=7))


def listings(seed: int, size: Size, catalog: tuple[Product, ...]) -> tuple[Listing, ...]:
    """All offers, by marketplace. Countries that are only listed have weight 0."""
    countries = [country for country in BY_COUNTRY if country in size.participating]
    return tuple(
        listing
        for country in countries
        for product in catalog
        if _is_offered(seed, product, BY_COUNTRY[country])
        for listing in _offers(seed, size, product, BY_COUNTRY[country])
    )


def _is_offered(seed: int, product: Product, market: Market) -> bool:
    # A pool is offered as a whole: a product of DE is one of FR, IT and ES, too.
    return (
        product.number <= 3 or chance(seed, "offered", product.number, market.pool).random() < 0.9
    )


def _offers(seed: int, size: Size, product: Product, market: Market) -> list[Listing]:
    sold = market.country_code in size.shares
    main = seller_sku(product)
    fba = (main, FulfilledBy.AMAZON, "NewItem", 1.0, Decimal(1))
    offers = [fba]
    if product.number % 5 == 2:
        # Commingled: another SKU of the same ASIN with the same FNSKU and the same stock.
        offers.append((f"{main}-B", FulfilledBy.AMAZON, "NewItem", 0.3, Decimal(1)))
    if product.number % 6 == 1:
        offers.append((f"{main}-MFN", FulfilledBy.MERCHANT, "NewItem", 0.2, Decimal("1.05")))
    if product.number % 12 == 4:
        used = Decimal("0.7")
        offers.append((f"{main} / used", FulfilledBy.AMAZON, "UsedVeryGood", 0.05, used))
    return [
        Listing(
            marketplace_id=market.marketplace_id,
            seller_sku=sku,
            asin=product.asin,
            parent_asin=product.parent_asin,
            title=title(product, market),
            price=_price(product.price_usd * factor, market),
            currency_code=market.currency_code,
            condition=condition,
            fulfilled_by=by,
            fn_sku=fn_sku(seed, product, market.pool, condition)
            if by is FulfilledBy.AMAZON
            else None,
            weight=product.popularity * weight if sold else 0.0,
        )
        for sku, by, condition, weight, factor in offers
    ]


def _price(usd: Decimal, market: Market) -> Decimal:
    local = int(usd * market.per_usd * (1 + (market.vat or 0)))
    return Decimal(local // 10 * 10) if market.currency_code == "JPY" else local + Decimal("0.99")


def title(product: Product, market: Market) -> str:
    """The product's title on a marketplace's shelf."""
    kind = _KINDS[(product.number - 1) // 4 % len(_KINDS)]
    colour = _COLOURS[product.number % len(_COLOURS)]
    if market.language == "de_DE":
        return f"{BRAND} {kind[3]}, {colour}"
    if market.language == "ja_JP":
        return f"{BRAND} {kind[4]} {colour}"
    return product.title
