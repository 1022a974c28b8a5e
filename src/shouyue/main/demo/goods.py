"""What the generated company sells, in which categories, in which stores, by which channels, and how it is paid."""

from collections.abc import Iterator
from typing import NamedTuple

PRODUCT_HEADS = ("code", "name", "name_en", "category", "category_en", "unit", "list_price", "currency")
STORE_HEADS = ("code", "name", "name_en", "city")
CHANNEL_HEADS = ("code", "name", "name_en")


class Good(NamedTuple):
    """One product; its category is the path of a _CATEGORIES entry."""

    code: str
    name: str
    name_en: str
    fen: int
    category: str
    unit: str


class Shop(NamedTuple):
    """One store. channels: codes of the ways by which its orders come, and up to which chance each."""

    row: tuple[str, str, str, str]
    channels: tuple[tuple[str, float], ...]


_CATEGORIES = {
    "母婴 > 出行": "Mother and baby > On the way",
    "母婴 > 喂养": "Mother and baby > Feeding",
    "母婴 > 童装": "Mother and baby > Clothes",
    "家居 > 床品毛巾": "Home > Bed and bath",
    "家居 > 香氛收纳": "Home > Scents and storage",
    "厨房 > 锅具": "Kitchen > Cookware",
    "厨房 > 茶与杯壶": "Kitchen > Tea and mugs",
    "服饰 > 女装男装": "Apparel > Women and men",
    "服饰 > 鞋与配饰": "Apparel > Shoes and accessories",
    "美妆个护": "Beauty and care",
    "运动户外": "Sport and outdoors",
    "玩具": "Toys",
    "图书文具": "Books and stationery",
}
GOODS = tuple(
    Good(*one)
    for one in (
        ("BB-1001", "婴儿推车 M2", "Pram M2", 128900, "母婴 > 出行", "辆"),
        ("BB-1002", "安抚奶嘴 两只装", "Dummies, two", 3900, "母婴 > 喂养", "套"),
        ("BB-1007", "恒温调奶器", "Bottle warmer", 25900, "母婴 > 喂养", "台"),
        ("BB-1013", "有机棉连体衣", "Organic romper", 12900, "母婴 > 童装", "件"),
        ("HM-2001", "竹纤维毛巾 三条", "Bamboo towels, three", 5900, "家居 > 床品毛巾", "套"),
        ("HM-2004", "四件套 水洗棉", "Bedding set, washed cotton", 39900, "家居 > 床品毛巾", "套"),
        ("HM-2010", "香薰蜡烛 桂花", "Scented candle, osmanthus", 6800, "家居 > 香氛收纳", "个"),
        ("HM-2022", "玻璃储物罐", "Glass jar", 2990, "家居 > 香氛收纳", "个"),
        ("KT-3001", "铸铁锅 24 cm", "Cast-iron pot, 24 cm", 45900, "厨房 > 锅具", "口"),
        ("KT-3005", "不粘煎锅", "Non-stick pan", 16900, "厨房 > 锅具", "口"),
        ("KT-3011", "保温杯 500 ml", "Vacuum mug, 500 ml", 9900, "厨房 > 茶与杯壶", "只"),
        ("KT-3020", "龙井 明前 250 g", "Longjing, early spring, 250 g", 28800, "厨房 > 茶与杯壶", "盒"),
        ("AP-4002", "羊毛围巾", "Wool scarf", 32900, "服饰 > 鞋与配饰", "条"),
        ("AP-4006", "羽绒服 轻薄", "Light down jacket", 69900, "服饰 > 女装男装", "件"),
        ("AP-4015", "帆布鞋", "Canvas shoes", 19900, "服饰 > 鞋与配饰", "双"),
        ("AP-4021", "真丝衬衫", "Silk shirt", 52900, "服饰 > 女装男装", "件"),
        ("BT-5001", "氨基酸洁面乳", "Gentle face wash", 7900, "美妆个护", "支"),
        ("BT-5003", "防晒霜 SPF50", "Sun cream SPF50", 13900, "美妆个护", "支"),
        ("BT-5009", "护手霜 礼盒", "Hand cream gift box", 8800, "美妆个护", "盒"),
        ("SP-6001", "瑜伽垫", "Yoga mat", 11900, "运动户外", "张"),
        ("SP-6004", "跳绳", "Skipping rope", 3990, "运动户外", "根"),
        ("SP-6010", "登山背包 30 L", "Trekking pack, 30 l", 35900, "运动户外", "个"),
        ("TY-7001", "积木 城市系列", "City building blocks", 21900, "玩具", "盒"),
        ("TY-7008", "木制拼图", "Wooden puzzle", 6590, "玩具", "盒"),
        ("BK-8001", "绘本 套装", "Picture books, set", 14800, "图书文具", "套"),
        ("BK-8005", "手账本", "Journal", 4590, "图书文具", "本"),
    )
)
_COUNTER = (("counter", 0.86), ("mini", 1.0))
STORES = (
    Shop(("S01", "园区店", "Park store", "苏州"), _COUNTER),
    Shop(("S02", "观前店", "Guanqian store", "苏州"), _COUNTER),
    Shop(("S03", "新街口店", "Xinjiekou store", "南京"), _COUNTER),
    Shop(("S09", "线上商城", "Online mall", ""), (("web", 0.42), ("mini", 0.95), ("phone", 1.0))),
)
CHANNELS = (
    ("counter", "门店柜台", "Counter"),
    ("mini", "微信小程序", "Mini program"),
    ("web", "官网", "Website"),
    ("phone", "电话订购", "Phone"),
)
# How orders are paid, and up to which chance each.
METHODS = (("wechat", 0.55), ("alipay", 0.82), ("card", 0.93), ("cash", 0.97), ("voucher", 1.0))


def product_rows() -> Iterator[tuple[str, ...]]:
    """Rows of products.csv."""
    for one in GOODS:
        english = _CATEGORIES[one.category]
        yield one.code, one.name, one.name_en, one.category, english, one.unit, f"{one.fen / 100:.2f}", "CNY"
