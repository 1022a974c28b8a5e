"""Free words in groups: by what they speak of, found by the words that people use for it."""

from collections.abc import Mapping, Sequence

# A text stands in each group that has a word of it.
TOPICS: Mapping[str, tuple[str, ...]] = {
    "delivery": ("送", "快递", "物流", "配送", "到货", "deliver", "shipping", "courier", "late"),
    "service": ("服务", "态度", "客服", "店员", "service", "staff", "rude", "friendly"),
    "goods": ("质量", "商品", "坏", "破", "瑕疵", "尺码", "quality", "broken", "product", "size"),
    "price": ("价格", "贵", "便宜", "优惠", "price", "expensive", "cheap", "discount"),
    "after_sales": ("退", "换货", "售后", "维修", "退款", "refund", "return", "repair"),
    "waiting": ("等", "慢", "排队", "久", "wait", "slow", "queue"),
}
OTHER = "other"


def grouped(texts: Sequence[str]) -> dict[str, list[str]]:
    """The texts of each topic, largest topic first; those that speak of none of them stand under OTHER, last."""
    found: dict[str, list[str]] = {}
    for text in texts:
        small = text.lower()
        topics = [topic for topic, words in TOPICS.items() if any(word in small for word in words)] or [OTHER]
        for topic in topics:
            found.setdefault(topic, []).append(text)
    return dict(sorted(found.items(), key=lambda one: (one[0] == OTHER, -len(one[1]), one[0])))
