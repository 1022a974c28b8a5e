"""How Chinese characters are read, by the pypinyin dictionary: letters without tones."""

import functools
import os

# Characters of names and places with more than one reading in use today, the likelier one in a name first. The
# dictionary also has readings that only old books know (王 as "yu"), and does not say which those are.
_IN_USE = """
曾 zeng ceng, 单 shan dan chan, 解 xie jie, 仇 qiu chou, 查 zha cha, 区 ou qu, 乐 yue le, 缪 miao mou miu, 覃 qin tan,
翟 zhai di, 朴 piao pu, 盖 ge gai, 黑 he hei, 召 shao zhao, 种 chong zhong, 尉 wei yu, 万 wan mo, 俟 si qi, 澹 tan dan,
员 yun yuan, 宓 mi fu, 折 she zhe, 牟 mu mou, 谌 chen shen, 郇 xun huan, 隗 wei kui, 秘 bi mi, 薄 bo bao, 都 du dou,
能 nai neng, 车 che ju, 柏 bai bo, 盛 sheng cheng, 宿 su xiu,
重 chong zhong, 长 chang zhang, 行 xing hang, 朝 zhao chao, 晟 sheng cheng, 茜 qian xi, 娜 na nuo,
筠 yun jun, 莘 shen xin, 颉 jie xie, 隽 jun juan, 传 chuan zhuan, 参 shen can, 调 diao tiao, 藏 zang cang,
泊 bo po, 蔓 man wan, 阿 a e, 伽 jia qie ga, 弹 dan tan, 系 xi ji, 会 hui kuai, 率 shuai lv, 省 sheng xing, 厦 xia sha,
堡 bao pu bu, 六 liu lu, 蚌 bang beng, 番 fan pan, 莞 guan wan, 荥 xing ying, 圩 xu wei, 浚 jun xun, 铅 qian yan,
和 he huo, 角 jiao jue, 奇 qi ji, 干 gan qian, 尾 wei yi, 卡 ka qia, 降 jiang xiang, 屏 ping bing, 殷 yin yan,
亲 qin qing, 佛 fo fu, 约 yue yao, 祭 zhai ji, 便 bian pian
"""
_SEVERAL = {entry.split()[0]: tuple(entry.split()[1:]) for entry in _IN_USE.split(",")}
_RARE_MAX = 2


@functools.lru_cache(maxsize=30_000)
def readings(character: str) -> tuple[str, ...]:
    """The syllables that a character is read as today, the usual one first; empty when it is not Chinese.

    吕 is "lv", and "lu" and "lyu" for those who type it so.
    """
    known = _SEVERAL.get(character) or _from_dictionary(character)[:1]
    return tuple(dict.fromkeys(typed for syllable in known for typed in _typed(syllable)))


@functools.lru_cache(maxsize=30_000)
def rare_readings(character: str) -> tuple[str, ...]:
    """What else the dictionary knows, mostly from old books."""
    known = readings(character)
    return tuple(syllable for syllable in _from_dictionary(character) if syllable not in known)[:_RARE_MAX]


def _from_dictionary(character: str) -> list[str]:
    # Documented by pypinyin: the phrases are 40 times as large as the characters, and names are no phrases.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import Style, pinyin

    found = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return list(dict.fromkeys(found[0])) if found else []


def _typed(syllable: str) -> tuple[str, ...]:
    if "v" not in syllable:
        return (syllable,)
    return syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")
