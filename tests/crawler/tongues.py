"""Short and long texts in the languages that stories come in, and the encodings that can hold each."""

from __future__ import annotations

import random

SENTENCES = {
    "english": [
        "“You’re late,” said Zoë, and put the café’s menu down.",
        "He didn’t answer – he never did, not before coffee.",
        "It was naïve to think that the letter would simply vanish.",
        "Rain ran down the window; somewhere a door closed.",
        "“I know,” she whispered. “I’ve known for weeks…”",
        "Author’s note: thanks to my beta, who found every comma.",
        "They walked home along the river — slowly, without a word.",
        "‘Never again,’ he thought, and folded his résumé twice.",
        "The clock above the fireplace had stopped at half past nine.",
    ],
    "french": [
        "« Tu es en retard », dit Hélène en posant la lettre près de la fenêtre.",
        "Il n’avait pas répondu ; à vrai dire, il ne répondait jamais.",
        "La forêt était déjà noire, et l’été finissait comme un rêve.",
        "Où allez-vous ? demanda le garçon, inquiet.",
        "Elle s’arrêta devant la maison où son cœur battait plus vite.",
        "Note de l’auteur : merci à ma bêta pour ses corrections.",
        "Ça ne me plaît guère, murmura-t-il après un long silence.",
        "Le naufrage avait tout emporté, sauf une clé et un carnet.",
    ],
    "german": [
        "„Du bist zu spät“, sagte Jürgen und schloss die Tür.",
        "Es war früh am Morgen, und über den Dächern hing der Nebel.",
        "Sie wusste, dass er lügen würde – er tat es ständig.",
        "Draußen fiel Schnee, und die Straße war längst leer.",
        "Für einen Augenblick hörte man nur das Geräusch der Wellen.",
        "Anmerkung: Danke an meine Beta für ihre Mühe und Geduld.",
        "Er träumte von großen Städten, schönen Gärten und süßem Öl.",
        "Zögernd öffnete sie den Brief und las ihn wieder und wieder.",
    ],
    "polish": [
        "„Spóźniłeś się”, powiedziała Małgorzata i zamknęła drzwi.",
        "Nie odpowiedział – nigdy nie odpowiadał przed śniadaniem.",
        "Księżyc świecił nad łąką, a wiatr szeptał wśród gałęzi.",
        "Była pewna, że ktoś już tędy przechodził tej nocy.",
        "Źle się czuł, lecz musiał dokończyć swoją opowieść.",
        "Dziękuję mojej becie za wszystkie poprawki i cierpliwość.",
        "Wrócili do domu późnym wieczorem, zmęczeni i głodni.",
        "Gdzieś w oddali usłyszeli głos, który znał ich imiona.",
    ],
    "czech": [
        "„Jdeš pozdě,“ řekla Kateřina a zavřela dveře.",
        "Neodpověděl – nikdy neodpovídal dřív, než vypil čaj.",
        "Měsíc svítil nad loukou a vítr šuměl ve větvích stromů.",
        "Věděla, že tudy už někdo dnes v noci prošel.",
        "Cítil se špatně, ale musel svůj příběh dokončit.",
        "Děkuji své betě za všechny opravy a trpělivost.",
        "Vrátili se domů pozdě večer, unavení a hladoví.",
        "Kdesi v dálce uslyšeli hlas, který znal jejich jména.",
    ],
    "hungarian": [
        "„Elkéstél”, mondta Zsófia, és becsukta az ajtót.",
        "A fiú nem válaszolt – sohasem válaszolt reggeli előtt.",
        "A hold fényében ezüstösnek tűnt az erdő és a mező.",
        "Tudta, hogy valaki már járt erre ezen az éjszakán.",
        "Rosszul érezte magát, de be kellett fejeznie a történetét.",
        "Köszönöm a bétámnak a javításokat és a türelmét.",
        "Későn értek haza, fáradtan, éhesen, és egyikük sem szólt.",
        "Messziről egy hangot hallottak, amely ismerte a nevüket.",
    ],
    "russian": [
        "«Ты опоздал», — сказала Наталья и закрыла дверь.",
        "Он не ответил: он никогда не отвечал до завтрака.",
        "Луна светила над полем, и ветер шептал в ветвях.",
        "Она знала, что этой ночью здесь уже кто-то проходил.",
        "Ему было плохо, но рассказ нужно было закончить.",
        "Спасибо моей бете за все исправления и терпение.",
        "Они вернулись домой поздно вечером, усталые и голодные.",
        "Где-то вдали послышался голос, который знал их имена.",
    ],
    "japanese": [
        "「遅かったね」と彼女は言って、静かにドアを閉めた。",
        "彼は何も答えなかった。朝はいつもそうだった。",
        "月の光が野原を照らし、風が木の間でささやいていた。",
        "昨夜、だれかがここを通ったことを彼女は知っていた。",
        "気分は悪かったが、物語を終わらせなければならない。",
        "ベータの友人に感謝します。間違いはすべて私のものです。",
        "二人は夜遅く、疲れて家に帰った。",
        "遠くから、名前を呼ぶ声が聞こえてきた。",
    ],
    "korean": [
        "“늦었구나.” 그녀는 조용히 문을 닫으며 말했다.",
        "그는 대답하지 않았다. 아침에는 언제나 그랬다.",
        "달빛이 들판을 비추고 바람이 나무 사이에서 속삭였다.",
        "그녀는 어젯밤 누군가 이곳을 지나갔다는 것을 알고 있었다.",
        "몸이 좋지 않았지만 이야기를 끝내야만 했다.",
        "글을 고쳐 준 친구에게 감사합니다. 실수는 모두 제 것입니다.",
        "두 사람은 밤늦게 지친 몸으로 집에 돌아왔다.",
        "멀리서 그들의 이름을 부르는 목소리가 들려왔다.",
    ],
    "simplified": [
        "“你来晚了。”她说着，轻轻地关上了门。",
        "他没有回答，早饭以前他从来不说话。",
        "月光照在田野上，风在树枝间低声细语。",
        "她知道昨天夜里已经有人从这里走过。",
        "他觉得不舒服，可是这个故事必须写完。",
        "感谢我的朋友帮我修改，所有的错误都是我自己的。",
        "他们很晚才回到家，又累又饿，谁也没有开口。",
        "远处传来一个声音，叫着他们的名字。",
    ],
    "traditional": [
        "「你來晚了。」她說著，輕輕地關上了門。",
        "他沒有回答，早飯以前他從來不說話。",
        "月光照在田野上，風在樹枝間低聲細語。",
        "她知道昨天夜裡已經有人從這裡走過。",
        "他覺得不舒服，可是這個故事必須寫完。",
        "感謝我的朋友幫我修改，所有的錯誤都是我自己的。",
        "他們很晚才回到家，又累又餓，誰也沒有開口。",
        "遠處傳來一個聲音，叫著他們的名字。",
    ],
}
WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
WESTERN = ("cp1252", "latin-1", "mac-roman", "cp437", "cp850")
CENTRAL = ("cp1250", "iso8859-2", "cp852")
NARROW = {
    "english": WESTERN,
    "french": WESTERN,
    "german": WESTERN,
    "polish": CENTRAL,
    "czech": CENTRAL,
    "hungarian": CENTRAL,
    "russian": ("cp1251", "koi8-r", "cp866"),
    "japanese": ("cp932", "euc_jp"),
    "korean": ("cp949",),
    "simplified": ("gb18030",),
    "traditional": ("big5",),
}
_PLAIN = str.maketrans(
    {**dict.fromkeys("‘’", "'"), **dict.fromkeys("“”„", '"'), **dict.fromkeys("–—", "-"), "…": "..."}
)


def story(language: str, length: int, seed: int = 0) -> str:
    """About `length` characters: sentences in a random order, four to a paragraph."""
    chance, paragraphs, size = random.Random(seed), [], 0
    while size < length:
        paragraphs.append(" ".join(chance.sample(SENTENCES[language], 4)))
        size += len(paragraphs[-1])
    return "\n\n".join(paragraphs)[:length] + "\n"


def encoded(text: str, encoding: str) -> tuple[bytes, str]:
    """The bytes, and the text that they hold: what an encoding lacks was typed plainly, or left out."""
    try:
        return text.encode(encoding), text
    except UnicodeEncodeError:
        data = text.translate(_PLAIN).replace("œ", "oe").encode(encoding, "ignore")
        return data, data.decode(encoding)
