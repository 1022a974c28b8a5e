"""What can be brought in: the fields of each kind of records, and the names that other systems give to them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["key", "text", "moment", "day", "whole", "amount", "score"]
_NOISE = re.compile(r"[\s_\-./:：*＊#]+")
_BRACKETS = re.compile(r"[(\[【（<].*?[)\]】）>]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind of records. name: the plain column's; kind: what its cells are; synonyms: see `folded`."""

    name: str
    kind: Kind
    is_required: bool
    synonyms: tuple[str, ...]


def folded(name: str) -> str:
    """A column's name for comparison: case, width, spaces, punctuation and a bracketed unit do not matter."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return _NOISE.sub("", _BRACKETS.sub("", plain)) or _NOISE.sub("", plain)


def _field(name: str, kind: Kind, synonyms: str, *, required: bool = False) -> Field:
    return Field(name, kind, required, tuple(map(folded, [name, *synonyms.split(",")])))


_CUSTOMER = (
    "客户编号,客户号,客户ID,客户代码,会员号,会员编号,会员卡号,会员ID,买家ID,买家账号,用户ID,用户编号,顾客编号,"
    "customer id,customer number,customer code,customer,client id,client no,member no,member id,member number,"
    "buyer id,user id,account no"
)
_ORDER = (
    "订单号,订单编号,单号,订单ID,小票号,销售单号,发票号,交易号,"
    "order id,order number,order,invoice no,invoice,receipt no"
)

ORDERS = (
    _field("order_no", "key", _ORDER, required=True),
    _field("customer_no", "key", _CUSTOMER, required=True),
    _field(
        "ordered_at",
        "moment",
        "下单时间,订单时间,下单日期,订单日期,购买时间,购买日期,销售日期,交易时间,付款时间,成交时间,创建时间,时间,日期,"
        "order date,order time,ordered on,purchase date,purchased at,invoice date,sale date,created at,date,time",
        required=True,
    ),
    _field(
        "item_code",
        "key",
        "商品编码,商品编号,商品代码,商品ID,货号,款号,物料编码,产品编号,产品编码,商家编码,规格编码,条码,"
        "item no,item id,item,sku,sku id,sku code,product code,product id,product no,stock code,article no,barcode",
        required=True,
    ),
    _field(
        "item_name",
        "text",
        "商品名称,商品,商品标题,宝贝标题,品名,产品名称,名称,"
        "product name,product,item title,product title,description,item description",
    ),
    _field(
        "quantity",
        "whole",
        "数量,件数,购买数量,销售数量,商品数量,qty,count,units,pieces,number of items",
        required=True,
    ),
    _field(
        "unit_price",
        "amount",
        "单价,售价,成交单价,商品单价,价格,销售单价,实付单价,price,unit cost,price each,sale price,item price",
        required=True,
    ),
    _field("store", "text", "门店,店铺,门店名称,店铺名称,店名,销售门店,shop,store name,shop name,branch,outlet"),
    _field("channel", "text", "渠道,销售渠道,订单渠道,订单来源,下单渠道,sales channel,order channel"),
    _field("paid_by", "text", "支付方式,付款方式,收款方式,结算方式,payment method,payment type,paid with,tender"),
)
CUSTOMERS = (
    _field("customer_no", "key", _CUSTOMER + ",编号,id,no", required=True),
    _field("name", "text", "姓名,客户姓名,会员姓名,客户名称,名字,customer name,full name,contact name,contact"),
    _field("title", "text", "称谓,性别,称呼,salutation,gender,sex"),
    _field(
        "phone",
        "key",
        "手机,手机号,手机号码,电话,联系电话,电话号码,联系方式,mobile,mobile phone,tel,telephone,phone number",
    ),
    _field("email", "text", "邮箱,电子邮箱,电子邮件,e-mail,mail,email address"),
    _field("birthday", "day", "生日,出生日期,出生年月日,birth date,date of birth,dob,born on"),
    _field("country", "text", "国家,国家地区,country region,nation"),
    _field(
        "region",
        "text",
        "省,省份,省市区,地区,收货省份,province,state,area,customer state,shipping province,shipping state",
    ),
    _field("city", "text", "城市,市,所在城市,收货城市,town,customer city,shipping city"),
    _field("address", "text", "地址,详细地址,收货地址,联系地址,street,street address,shipping address"),
    _field("wechat", "text", "微信,微信号,微信ID,weixin,wechat id,wechat no,wx"),
    _field("card", "key", "卡号,会员卡,实体卡号,储值卡号,card no,card number,loyalty card,membership card"),
    _field("lunar_birthday", "text", "农历生日,阴历生日,旧历生日,lunar birth date,lunar calendar birthday"),
    _field("as_of", "day", "数据日期,数据截止日期,更新日期,更新时间,最后更新,as of,updated on,updated at,last updated"),
)
ANSWERS = (
    _field(
        "answer_no",
        "key",
        "答卷编号,答案编号,问卷编号,答卷ID,序号,answer id,response id,review id,survey id",
        required=True,
    ),
    _field("customer_no", "key", _CUSTOMER, required=True),
    _field("order_no", "key", _ORDER),
    _field(
        "asked_on",
        "day",
        "发送日期,发放日期,邀请日期,询问日期,发送时间,sent on,sent at,invited on,asked at",
        required=True,
    ),
    _field(
        "answered_at",
        "moment",
        "回答时间,作答时间,提交时间,评价时间,回复时间,answer date,responded at,submitted at,completed at",
        required=True,
    ),
    _field("score", "score", "评分,得分,分数,满意度,打分,星级,rating,stars,satisfaction", required=True),
)
TARGETS: Mapping[str, tuple[Field, ...]] = {"orders": ORDERS, "customers": CUSTOMERS, "answers": ANSWERS}
