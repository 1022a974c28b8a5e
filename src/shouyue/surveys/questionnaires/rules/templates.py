"""The questionnaires that come with the product, in both languages."""

from dataclasses import asdict, dataclass

from shouyue.surveys.questionnaires.rules.questions import Choice, Question, checked
from shouyue.surveys.questionnaires.rules.scoring import LOYALTY, SATISFACTION

_WHY = Question("why", "text", "请告诉我们哪里做得不好。", "Please tell us what went wrong.", after="overall", most=3)
_MORE = Question("more", "text", "还有什么想对我们说的？", "Is there anything else you would like to say?")
_TOPICS = (
    Choice("goods", "商品", "Goods"),
    Choice("price", "价格", "Prices"),
    Choice("service", "服务", "Service"),
    Choice("delivery", "配送", "Delivery"),
    Choice("after_sales", "售后", "After-sales"),
)
_ASPECTS = Question("aspects", "matrix", "请为下列方面打分。", "Please rate these.", _TOPICS)
_PHOTO = Question(
    "photo",
    "file",
    "如果看得出问题，请附一张照片。",
    "If it can be seen, add a picture of it.",
    after="overall",
    most=3,
)
_REASONS = (
    Choice("goods", "商品好", "The goods"),
    Choice("price", "价格合适", "The prices"),
    Choice("service", "服务周到", "The service"),
    Choice("near", "离得近", "It is near"),
)


def _overall(zh: str, en: str) -> Question:
    return Question("overall", "satisfaction", zh, en, is_required=True)


def _loyal(code: str, zh: str, en: str) -> Question:
    return Question(code, "satisfaction", zh, en, is_required=True)


@dataclass(frozen=True, slots=True)
class Template:
    """measure: of the agreement, that its answers count for; "" for none."""

    code: str
    title_zh: str
    title_en: str
    questions: tuple[Question, ...]
    measure: str = ""
    is_stepped: bool = False

    def rows(self) -> list[dict[str, object]]:
        """The questions as they are kept: JSON knows lists only."""
        return [
            {**asdict(one), "choices": [asdict(choice) for choice in one.choices], "among": list(one.among)}
            for one in self.questions
        ]


TEMPLATES = {
    one.code: one
    for one in (
        Template(
            "customer_satisfaction",
            "客户满意度调查",
            "Customer satisfaction survey",
            checked(
                (
                    _overall("总体来说，您对我们满意吗？", "All in all, how satisfied are you with us?"),
                    _WHY,
                    Question("recommend", "nps", "您会把我们推荐给朋友吗？", "Would you recommend us to a friend?"),
                    _ASPECTS,
                    Question("topics", "multi", "哪些方面最需要改进？", "What should we improve most?", _TOPICS),
                    _MORE,
                )
            ),
            measure=SATISFACTION,
        ),
        Template(
            "loyalty",
            "客户忠诚度调查",
            "Customer loyalty survey",
            checked(
                (
                    _loyal("repurchase", "您愿意再次购买吗？", "Are you willing to buy again?"),
                    _loyal("recommend", "您愿意把我们推荐给朋友吗？", "Are you willing to recommend us to a friend?"),
                    Question("brand", "satisfaction", "您认同我们的品牌吗？", "Do you feel that our brand is yours?"),
                    Question("stay", "satisfaction", "您愿意继续与我们合作吗？", "Are you willing to stay with us?"),
                    Question("likely", "nps", "您有多大可能推荐我们？", "How likely are you to recommend us?"),
                    Question("reasons", "ranking", "您为什么选择我们？", "Why do you choose us?", _REASONS),
                    _MORE,
                )
            ),
            measure=LOYALTY,
        ),
        Template(
            "complaint_closure",
            "投诉处理回访",
            "After your complaint",
            checked(
                (
                    _overall("您对投诉的处理结果满意吗？", "How satisfied are you with how we settled it?"),
                    Question("effort", "ces", "解决这个问题对您来说容易吗？", "How easy was it to get this settled?"),
                    _WHY,
                )
            ),
            is_stepped=True,
        ),
        Template(
            "product_use",
            "产品使用回访",
            "Using what you bought",
            checked(
                (
                    _overall("您对购买的商品满意吗？", "How satisfied are you with what you bought?"),
                    Question("effort", "ces", "上手使用容易吗？", "How easy was it to start using it?"),
                    Question("since", "date", "您从哪天开始使用？", "Since which day have you been using it?"),
                    _WHY,
                    _PHOTO,
                )
            ),
            is_stepped=True,
        ),
    )
}
