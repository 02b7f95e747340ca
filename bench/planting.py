"""Pages of any length in four languages, the same each time, to plant a change in: sentences strung of common words."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import dataclass

_ENGLISH = """the council members river water village report road bridge school market winter summer office
library paper
house worker teacher forest mountain border harbour station letter answer question picture station garden field stone
window evening morning public local northern southern quiet early late open narrow simple common modern ancient wide
said wrote found built opened closed reached visited crossed followed repaired described counted carried painted near
behind under above before after between during across toward through with from into about their several many most"""

_PERSIAN = """شورا اعضا رود آب روستا گزارش جاده پل مدرسه بازار زمستان تابستان دفتر کتابخانه کاغذ خانه کارگر
معلم جنگل کوه مرز بندر ایستگاه نامه پاسخ پرسش تصویر باغ دشت
سنگ پنجره عصر صبح عمومی محلی شمالی جنوبی آرام زود دیر باز باریک ساده مشترک
نوین کهن پهن گفت نوشت یافت ساخت گشود بست رسید دید گذشت دنبال تعمیر شرح شمرد برد کشید نزدیک پشت زیر بالا پیش پس میان
هنگام سوی همراه درباره چند بسیار بیشتر می‌رود می‌آید خانه‌ها کتاب‌های"""

_CHINESE = """委员会 成员 河流 水源 村庄 报告 道路 桥梁 学校 市场 冬天 夏天 办公室 图书馆 纸张 房屋 工人 教师 森林 山脉
边界 港口 车站 信件 回答 问题 图片 花园 田野 石头 窗户 傍晚 早晨 公共 当地 北方 南方 安静 早期 晚期 开放 狭窄
简单 共同 现代 古老 宽阔 表示 写道 发现 建造 打开 关闭 到达 参观 穿过 跟随 修理 描述 计算 携带 附近
后面 下面 上面 之前 之后 中间 期间 许多"""

_THAI = """คณะกรรมการ สมาชิก แม่น้ำ น้ำ หมู่บ้าน รายงาน ถนน สะพาน โรงเรียน ตลาด ฤดูหนาว ฤดูร้อน สำนักงาน
ห้องสมุด กระดาษ บ้าน คนงาน ครู ป่า ภูเขา ชายแดน ท่าเรือ สถานี จดหมาย
คำตอบ คำถาม ภาพ สวน ทุ่งนา หิน หน้าต่าง ตอนเย็น ตอนเช้า สาธารณะ ท้องถิ่น
ทางเหนือ ทางใต้ เงียบ เร็ว ช้า เปิด แคบ ง่าย ร่วม สมัยใหม่ โบราณ กว้าง กล่าว เขียน พบ สร้าง ปิด ถึง เยี่ยม ข้าม ตาม ซ่อม
อธิบาย นับ ถือ วาด ใกล้ หลัง ใต้ บน ก่อน ระหว่าง ผ่าน กับ จาก เกี่ยวกับ หลาย มาก"""


@dataclass(frozen=True)
class Language:
    """How pages of a language are made, and what is planted in them."""

    words: tuple[str, ...]
    between: str
    """Between words."""
    end: str
    """After a sentence."""
    gap: str
    """Between sentences."""
    numbered: str
    """A sentence with `{}` for a number, and `{no}` for a negation with what belongs to it."""
    no: tuple[str, str]
    """What stands at `{no}` without and with the negation."""


LANGUAGES = {
    "en": Language(
        tuple(_ENGLISH.split()), " ", ".", " ",
        "The committee {no} approve the plan for {} new houses.", ("did", "did not"),
    ),
    "fa": Language(
        tuple(_PERSIAN.split()), " ", ".", " ", "این طرح برای ساخت {} خانه تازه پذیرفته {no}.", ("است", "نیست"),
    ),
    "zh": Language(tuple(_CHINESE.split()), "", "。", "", "委员会{no}批准建造{}座新房屋的计划。", ("已经", "没有")),
    "th": Language(tuple(_THAI.split()), "", "", " ", "คณะกรรมการ{no}อนุมัติแผนการสร้างบ้านใหม่{}หลัง", ("ได้", "ไม่ได้")),
}  # fmt: skip

SENTENCES_A_PARAGRAPH = 5


def paragraphs(language: Language, words: int) -> list[list[str]]:
    """Paragraphs of five sentences of some 13 words each, together at least as many words as asked for."""
    chance = random.Random(words)
    made: list[list[str]] = []
    left = words
    while left > 0:
        paragraph = []
        for _ in range(SENTENCES_A_PARAGRAPH):
            length = chance.randint(9, 17)
            left -= length
            sentence = language.between.join(chance.choice(language.words) for _ in range(length))
            paragraph.append(sentence[0].upper() + sentence[1:] + language.end)
        made.append(paragraph)
    return made


def page(language: Language, made: list[list[str]]) -> str:
    """The text of a page of such paragraphs."""
    return "\n".join(language.gap.join(paragraph) for paragraph in made)


# Of the page that a change is planted in.
WORDS = 20_000


def planted(language: Language, what: str) -> tuple[str, str]:
    """A long page, and the same with one thing changed in its middle."""
    before = paragraphs(language, WORDS)
    middle = len(before) // 2
    before[middle][2] = language.numbered.format("12", no=language.no[0])
    after = deepcopy(before)
    match what:
        case "number":
            after[middle][2] = language.numbered.format("14", no=language.no[0])
        case "negation":
            after[middle][2] = language.numbered.format("12", no=language.no[1])
        case "sentence moved":
            after[middle + 30].insert(3, after[middle].pop(2))
        case "sentence moved within":
            after[middle].insert(4, after[middle].pop(1))
        case "paragraph moved":
            after.insert(3, after.pop(middle))
        case "sentence moved and edited":
            after[middle].pop(2)
            after[middle + 30].insert(3, language.numbered.format("14", no=language.no[0]))
        case "paragraph added":
            after.insert(middle, paragraphs(language, WORDS + 7)[-1])
        case "paragraph removed":
            after.pop(middle)
    return page(language, before), page(language, after)


# What is planted -> the kind of the change, whether it is a whole block, and its heaviest reason.
PLANTED = {
    "number": ("replaced", False, "number"),
    "negation": ("replaced", False, "negation"),
    "sentence moved": ("moved", False, "place"),
    "sentence moved within": ("moved", False, "place"),
    "paragraph moved": ("moved", True, "place"),
    "sentence moved and edited": ("moved-edited", False, "number"),
    "paragraph added": ("inserted", True, "words"),
    "paragraph removed": ("deleted", True, "words"),
}
