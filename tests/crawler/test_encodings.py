"""Bytes of twenty-five years become the text that was written, whatever encoding it was saved in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.encoding import decode

ENGLISH = (
    "“I didn’t say so,” said Marit – and she hadn’t. The café was closed; somebody’s naïve umbrella stood in the"
    " corner… Nobody had come for it since Tuesday. “Whose is it?” asked Fenn, and then he saw the name on it.\n"
)
FRENCH = (
    "La première fois qu’elle était allée là-bas, le garçon n’avait rien dit. Où étaient-ils passés ? Personne ne le"
    " savait, et la mère de Léa pleurait déjà. « Ça suffit », déclara-t-il enfin, très fâché.\n"
)
GERMAN = (
    "Die Tür stand offen, und draußen fiel der Schnee über die Dächer. „Schließ sie“, sagte Jürgen müde. Keiner hörte"
    " ihm zu, weil das Mädchen größer war als er und die Schlüssel hatte.\n"
)
POLISH = (
    "Wszyscy wiedzieli, że łódź już odpłynęła, ale nikt nie chciał o tym mówić. Świt był zimny, a żółte światła w"
    " oknach gasły jedno po drugim. Gdzieś dalej ktoś zaczął cicho śpiewać pieśń.\n"
)
CZECH = (
    "Když se ráno probudila, už tam nikdo nebyl. Dveře zůstaly otevřené a na stole ležel dopis, který nechtěla číst."
    " Přesto ho vzala do ruky a pomalu otočila. Měsíc ještě svítil nad řekou.\n"
)
HUNGARIAN = (
    "A kapitány nem szólt többet, csak állt az ablaknál, és nézte a hajókat. Később azt mondta, hogy soha nem fog"
    " visszatérni oda, ahol született. Az őr csöndben ült mellette, és várt.\n"
)
RUSSIAN = (
    "Когда он вернулся, в доме уже никого не было. На столе стояла чашка, а рядом лежало письмо, которое она написала"
    " ночью. Он долго смотрел на него и не решался открыть.\n"
)
JAPANESE = (
    "彼女は窓のそばに立って、港の船を見ていた。「もう行くの？」と彼は聞いた。"
    "雨はまだ降り続いていて、だれも答えなかった。それから電話が鳴った。\n"
)
KOREAN = (
    "그는 창가에 서서 항구의 배를 바라보았다. "
    "아무도 말을 하지 않았고, 비는 계속 내리고 있었다. 그녀는 편지를 다시 읽고 조용히 웃었다.\n"
)
SIMPLIFIED = (
    "她站在窗边，看着港口里的船。"
    "“你要走了吗？”他问。雨还在下，没有人回答。后来电话响了，大家都不说话，这个故事就这样开始了。\n"
)
TRADITIONAL = (
    "她站在窗邊，看著港口裡的船。"
    "「你要走了嗎？」他問。雨還在下，沒有人回答。後來電話響了，大家都不說話，這個故事就這樣開始了。\n"
)
WRITTEN = {
    "english": (ENGLISH, ("cp1252", "mac-roman")),
    "french": (FRENCH, ("cp1252", "latin-1", "mac-roman", "cp850")),
    "german": (GERMAN, ("cp1252", "latin-1", "mac-roman", "cp850")),
    "polish": (POLISH, ("cp1250", "iso8859-2")),
    "czech": (CZECH, ("cp1250", "iso8859-2")),
    "hungarian": (HUNGARIAN, ("cp1250", "iso8859-2")),
    "russian": (RUSSIAN, ("cp1251", "koi8-r", "cp866", "mac-cyrillic")),
    "japanese": (JAPANESE, ("shift_jis", "euc-jp")),
    "korean": (KOREAN, ("euc-kr",)),
    "simplified Chinese": (SIMPLIFIED, ("gb18030",)),
    "traditional Chinese": (TRADITIONAL, ("big5",)),
}
WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
CASES = [(name, codec) for name, (_, codecs_) in WRITTEN.items() for codec in (*WIDE, *codecs_)]


def text_of(name: str, codec: str) -> str:
    """A text as far as an encoding can hold it: without its typographic quotes where it has none."""
    text = WRITTEN[name][0]
    plain = text.translate(str.maketrans("“”„‘’–…", '"""\'\'-.'))
    return text if codec in WIDE or text.encode(codec, "ignore").decode(codec) == text else plain


@pytest.mark.parametrize("times", [1, 20], ids=["short", "long"])
@pytest.mark.parametrize(("name", "codec"), CASES)
def test_a_text_is_read_as_it_was_written(name: str, codec: str, times: int) -> None:
    text = text_of(name, codec) * times
    try:
        data = text.encode(codec)
    except UnicodeEncodeError:
        pytest.skip("the encoding has no letter for it")
    assert decode(data).text == text


@pytest.mark.parametrize("codec", ["cp1252", "mac-roman"])
def test_english_is_known_by_its_quotes_alone(codec: str) -> None:
    text = "“Come in,” she said. “It’s cold.”\nHe didn’t move – not yet.\n"
    assert decode(text.encode(codec)).text == text


def test_a_wrong_label_gives_way_to_what_the_bytes_are() -> None:
    assert decode(FRENCH.encode("utf-8"), "iso-8859-1").text == FRENCH
    assert decode(RUSSIAN.encode("utf-8"), "windows-1251").text == RUSSIAN


def test_a_line_pasted_in_another_encoding_does_not_spoil_the_rest() -> None:
    data = (FRENCH * 3).encode("utf-8") + "déjà vu\n".encode("cp1252") + FRENCH.encode("utf-8")
    decoded = decode(data)
    assert decoded.text == FRENCH * 3 + "déjà vu\n" + FRENCH
    assert decoded.repairs == ("encoding: utf-8, in some lines cp1252",)


def test_what_was_found_is_told() -> None:
    assert decode(POLISH.encode("cp1250")).repairs == ("encoding: cp1250",)
    assert decode(RUSSIAN.encode("utf-16")).repairs == ("encoding: utf-16",)


SOUND = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn")), max_size=80
)


@given(SOUND)
def test_sound_text_stays_as_it_is(text: str) -> None:
    words = f"{text} and that was all."
    assert decode(words.encode("utf-8")).text in (words, _unmojibaked(words))


def _unmojibaked(words: str) -> str:
    """What hypothesis may write by chance: UTF-8 that was read as windows-1252."""
    from ftfy import fix_encoding

    return "\n".join(fix_encoding(line) for line in words.split("\n"))


@given(st.binary(max_size=300))
def test_any_bytes_are_some_text(data: bytes) -> None:
    decoded = decode(data)
    assert "\0" not in decoded.text
    assert "\r" not in decoded.text
    decoded.text.encode("utf-8")
