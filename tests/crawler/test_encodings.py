"""Bytes of twenty-five years become the text that was written, whatever encoding it was saved in."""

from __future__ import annotations

from time import perf_counter

import ftfy  # noqa: F401 - registers sloppy-windows-1252
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ficdex.crawler.encoding import Decoded, decode

from .tongues import NARROW, encoded, story
from .tongues import WIDE as EVERYWHERE

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
    assert decoded.repairs == ("encoding: utf-8, and windows-1252 in some lines",)


def test_what_was_found_is_told() -> None:
    assert decode(POLISH.encode("cp1250")).repairs == ("encoding: windows-1250",)
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


@pytest.mark.parametrize("length", [300, 5000])
@pytest.mark.parametrize(("language", "encoding"), [(la, e) for la, es in NARROW.items() for e in (*es, *EVERYWHERE)])
def test_nearly_every_text_is_read_from_every_encoding(language: str, encoding: str, length: int) -> None:
    wrong = 0
    for seed in range(6):
        data, text = encoded(story(language, length, seed), encoding)
        wrong += decode(data).text != text
    assert wrong <= (1 if (language, length) == ("english", 300) else 0)


@pytest.mark.parametrize(
    ("language", "label"), [("russian", "iso-8859-1"), ("japanese", "euc-kr"), ("polish", "latin1")]
)
def test_a_label_that_the_letters_speak_against_gives_way(language: str, label: str) -> None:
    data, text = encoded(story(language, 300), NARROW[language][0])
    assert decode(data, label).text == text


def test_a_label_that_may_be_right_stands() -> None:
    assert decode("Привет".encode("koi8-r"), "koi8-r").text == "Привет"
    assert decode("Ein Öl.".encode("iso8859-2"), "iso-8859-2").encoding == "iso8859-2"


@pytest.mark.parametrize("misread", ["cp1252", "latin-1", "mac-roman"])
@pytest.mark.parametrize("times", [1, 2])
def test_utf_8_read_as_something_else_is_turned_back(misread: str, times: int) -> None:
    text = broken = "She hadn’t seen Zoë’s café since the naïve summer they met.\n"
    for _ in range(times):
        broken = broken.encode("utf-8").decode(misread, "strict" if misread != "cp1252" else "sloppy-windows-1252")
    assert decode(broken.encode("utf-8")).text == text


def test_a_broken_letter_behind_a_capital_is_turned_back() -> None:
    assert decode("TÃ­tulo: O CapitÃ£o e o CafÃ©".encode()).text == "Título: O Capitão e o Café"


@pytest.mark.parametrize(
    "text",
    [
        "Le « é » était devenu « Ã© », et personne ne savait pourquoi.",
        "He typed â€ and grinned.",
        "MINHA IRMÃ… gritou.",
        "The sign said √∞, of all things.",
        "Zwischen „Ä“ und „Å“ liegt nichts.",
    ],
)
def test_what_only_looks_broken_is_left_alone(text: str) -> None:
    assert decode(text.encode()).text == text


@given(st.sampled_from(sorted(NARROW)), st.integers(0, 10_000), st.integers(10, 600))
def test_sound_stories_are_left_alone_in_any_language(language: str, seed: int, length: int) -> None:
    text = story(language, length, seed)
    assert decode(text.encode()) == Decoded(text, "utf-8", ())


def test_a_large_file_costs_little() -> None:
    data, _ = encoded(story("russian", 25_000), "koi8-r")
    decode(data)
    start = perf_counter()
    for _ in range(5):
        decode(data)
    assert (perf_counter() - start) / 5 < 0.05, "a tenth of that is usual"


def test_every_sign_that_breaks_a_line_breaks_it_and_no_other_control_stays() -> None:
    data = "One\r\ntwo\rthree\x85four\u2028five\vsix\fseven\0\ufeff eight\x1a".encode()
    assert decode(data).text == "One\ntwo\nthree\nfour\nfive\nsix\n\nseven eight"
