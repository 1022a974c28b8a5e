"""What the generated company's people are called and where they live: the commonest names, made-up addresses."""


def _listed(entries: str) -> tuple[tuple[str, str], ...]:
    """Pairs of how a name is written and spoken."""
    pairs = (entry.split() for entry in entries.split(","))
    return tuple((written, spoken) for written, spoken in pairs)


# Surname and its pinyin, the commonest first; drawn with the shares that a census would give.
SURNAMES = _listed(
    "王 wang,李 li,张 zhang,刘 liu,陈 chen,杨 yang,黄 huang,赵 zhao,吴 wu,周 zhou,徐 xu,孙 sun,马 ma,朱 zhu,胡 hu,"
    "郭 guo,何 he,高 gao,林 lin,罗 luo,郑 zheng,梁 liang,谢 xie,宋 song,唐 tang,许 xu,韩 han,冯 feng,邓 deng,"
    "曹 cao,彭 peng,曾 zeng,肖 xiao,田 tian,董 dong,袁 yuan,潘 pan,于 yu,蒋 jiang,蔡 cai,余 yu,杜 du,叶 ye,"
    "程 cheng,苏 su,魏 wei,吕 lv,丁 ding,任 ren,沈 shen,姚 yao,卢 lu,姜 jiang,崔 cui,钟 zhong,谭 tan,陆 lu,汪 wang,"
    "范 fan,金 jin,石 shi,廖 liao,贾 jia,夏 xia,韦 wei,付 fu,方 fang,白 bai,邹 zou,孟 meng,熊 xiong,秦 qin,邱 qiu,"
    "江 jiang,尹 yin,薛 xue,闫 yan,段 duan,雷 lei,侯 hou,龙 long,史 shi,陶 tao,黎 li,贺 he,顾 gu,毛 mao,郝 hao,"
    "龚 gong,邵 shao,单 shan,仇 qiu,解 xie,欧阳 ouyang,上官 shangguan,诸葛 zhuge"
)

MALE = _listed(
    "伟 wei,强 qiang,磊 lei,军 jun,勇 yong,杰 jie,涛 tao,明 ming,超 chao,刚 gang,平 ping,辉 hui,鹏 peng,华 hua,"
    "飞 fei,鑫 xin,波 bo,斌 bin,宇 yu,浩 hao,凯 kai,健 jian,俊 jun,帆 fan,旭 xu,宁 ning,龙 long,林 lin,晨 chen,"
    "峰 feng,志强 zhiqiang,建国 jianguo,建华 jianhua,文博 wenbo,子轩 zixuan,浩然 haoran,宇航 yuhang,俊杰 junjie,"
    "志远 zhiyuan,家豪 jiahao,明哲 mingzhe,天佑 tianyou,思远 siyuan,伟鑫 weixin,国栋 guodong,海涛 haitao,"
    "晓东 xiaodong,立新 lixin"
)

FEMALE = _listed(
    "芳 fang,娜 na,敏 min,静 jing,丽 li,艳 yan,娟 juan,霞 xia,燕 yan,玲 ling,洁 jie,婷 ting,雪 xue,琳 lin,莉 li,"
    "倩 qian,颖 ying,丹 dan,慧 hui,萍 ping,红 hong,欣 xin,悦 yue,佳 jia,蕾 lei,薇 wei,璐 lu,琪 qi,晶 jing,楠 nan,"
    "秀英 xiuying,桂英 guiying,雨欣 yuxin,梓涵 zihan,诗涵 shihan,欣怡 xinyi,佳琪 jiaqi,思雨 siyu,晓燕 xiaoyan,"
    "海燕 haiyan,雪梅 xuemei,丽华 lihua,春梅 chunmei,婉婷 wanting,若曦 ruoxi,静怡 jingyi,晓雯 xiaowen,美玲 meiling"
)

# What a clerk writes who only hears the name.
HOMOPHONES = str.maketrans(
    "伟强磊军杰涛明华飞鑫静丽艳娟霞玲婷雪琳莉倩颖慧萍欣晓佳", "玮蔷蕾君捷滔铭桦菲欣婧莉燕鹃夏灵亭学林丽茜莹惠平心小嘉"
)
PLACES = (
    ("江苏省", "苏州", ("姑苏区", "工业园区", "吴中区", "相城区")),
    ("", "上海", ("徐汇区", "浦东新区", "闵行区", "普陀区")),
    ("浙江省", "杭州", ("西湖区", "滨江区", "余杭区", "拱墅区")),
    ("江苏省", "南京", ("鼓楼区", "玄武区", "江宁区", "建邺区")),
    ("江苏省", "无锡", ("梁溪区", "滨湖区", "新吴区", "锡山区")),
    ("浙江省", "宁波", ("海曙区", "鄞州区", "江北区", "北仑区")),
    ("安徽省", "合肥", ("蜀山区", "包河区", "庐阳区", "瑶海区")),
    ("浙江省", "嘉兴", ("南湖区", "秀洲区", "经开区", "嘉善县")),
)
STREETS = (
    "星湖街",
    "桂花路",
    "人民路",
    "云杉路",
    "学士街",
    "望湖路",
    "清风巷",
    "文汇路",
    "竹园路",
    "东环路",
    "运河街",
    "丹桂里",
)
# Prefixes that no operator was given: no generated number is anybody's.
MOBILE_PREFIXES = ("142", "143", "154")
