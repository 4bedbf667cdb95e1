"""One example of every paper, for the tests that read them back: values as the office's screens give them."""

from exports.printing.application_form import ApplicationForm, Boxes, Line, Ticks, application_form
from exports.printing.certificates import Certificate, certificate
from exports.printing.desk import CallRow, CallSheet, PaperToSign, call_sheet, paper_to_sign
from exports.printing.flyer import Announcement, flyer, poster
from exports.printing.hall import (
    Guest,
    HallWords,
    SignInWords,
    evacuation_list,
    name_tags,
    seat_plan,
    sign_in_sheet,
)
from exports.printing.notices import Notice, Recipient, Sender, letters, postcards
from exports.printing.parts import Fact

ADDRESS = "https://www.city.higashiyamato.lg.jp/form/smartphone/12345"
RECEIPT = "K7QM-2XPD-9RVT"

FACTS = (
    Fact("日時", "令和8年11月25日（水） 13:30〜15:30"),
    Fact("会場", "中央公民館 第1会議室（中央3-926）\n西武拝島線「東大和市駅」からバス10分"),
    Fact("対象", "市内にお住まいの60歳以上の方で、スマートフォンに不慣れな方"),
    Fact("定員", "10名（先着）"),
    Fact("費用", "無料"),
    Fact("持ち物", "筆記用具、お持ちの方はスマートフォン"),
)
ANNOUNCEMENT = Announcement(
    host="東大和市",
    title="はじめてのスマートフォン体験会",
    lead="お持ちでない方も、貸出用のスマートフォンでゆっくり体験できます。電話のかけ方、写真のとり方を試します。",
    facts=FACTS,
    apply_title="申込方法",
    ways=(
        Fact("窓口", "市役所3階 DX推進課（平日8:30〜17:15）"),
        Fact("はがき", "講座名・住所・氏名（ふりがな）・年齢・電話番号を書いて、11月20日必着"),
        Fact("FAX", "042-563-5932"),
    ),
    telephone_label="電話（平日 9:00〜17:00）",
    telephone="042-563-2111",
    address_label="インターネットから",
    address=ADDRESS,
    address_words=ADDRESS,
    department="東大和市 DX推進課",
    edition="第1.1版",
    file_name="案内.pdf",
)
FORM = ApplicationForm(
    title="参加申込書",
    workshop="はじめてのスマートフォン体験会",
    facts=FACTS[:2],
    fields=(
        Boxes("ふりがな（カタカナ）", (18,)),
        Line("お名前"),
        Boxes("電話番号", (4, 4, 4)),
        Line("ご住所", 2),
        Ticks("年代", ("60歳未満", "60〜64歳", "65〜69歳", "70〜74歳", "75〜79歳", "80〜84歳", "85歳以上")),
        Ticks("お使いの電話", ("持っていない", "ガラケー", "iPhone", "Android", "わからない")),
        Ticks("必要な配慮", ("大きな文字", "車いす", "筆談", "聞こえにくい", "付き添い", "通訳")),
    ),
    purpose_title="個人情報の利用目的",
    purpose="講座の受付、連絡、当日の準備のためだけに使い、ほかの目的には使いません。",
    consent="上の利用目的に同意します",
    return_title="申込先",
    return_to="東大和市 DX推進課（市役所3階） 電話 042-563-2111",
    form_id="W-0001",
    edition="第1.0版",
    file_name="申込書.pdf",
)
SENDER = Sender("207-8585", ("東大和市中央3-930", "東大和市 DX推進課", "電話 042-563-2111"))
NOTICE = Notice(
    recipient=Recipient("207-0015", "東京都東大和市中央3丁目930番地 メゾン𠮷野 203号室", "髙﨑 邉𠮷子 様"),
    title="受講票",
    text="お申し込みありがとうございます。お席をお取りしました。",
    facts=(*FACTS[:2], FACTS[5]),
    code="482913",
    code_label="受付でお見せください",
    code_words="482913",
    contact="お休みのときは 042-563-2111 へ",
)
CONFIRMATION = PaperToSign(
    title="申込内容の確認票",
    lead="お聞きした内容です。お確かめのうえ、署名をお願いします。",
    parts=(
        (
            "お名前とご連絡先",
            (Fact("お名前", "髙﨑 邉𠮷子"), Fact("フリガナ", "タカサキ ヨシコ"), Fact("電話", "042-563-2111")),
        ),
        ("お申し込み", FACTS[:2]),
    ),
    terms_title="個人情報の利用目的",
    terms=(
        "講座の受付、連絡、当日の準備のためだけに使います。",
        "お申し出があれば、いつでもお見せし、直し、消します。",
    ),
    consent="上の内容に間違いがなく、利用目的に同意します。",
    date_label="令和　　年　　月　　日",
    signature_label="署名",
    office="東大和市 DX推進課",
    file_name="確認票.pdf",
)
GUESTS = tuple(
    Guest(name, kana, device, remark)
    for name, kana, device, remark in (
        ("髙﨑 邉𠮷子", "タカサキ ヨシコ", "", "筆談・車いす"),
        ("林 次郎", "ハヤシ ジロウ", "A-03", ""),
        (
            "マクシミリアン・フォン・シュヴァルツェンベルク",
            "マクシミリアン フォン シュヴァルツェンベルク",
            "",
            "付添 1人",
        ),
        *((f"参加 {number}子", f"サンカ {number}コ", "", "") for number in range(1, 16)),
    )
)
HALL = HallWords(
    title="当日受付票",
    workshop="はじめてのスマートフォン体験会",
    under="令和8年11月25日（水） 13:30　中央公民館 第1会議室",
    foot="個人情報を含みます。",
    file_name="当日.pdf",
)
CALLS = CallSheet(
    title="電話連絡票",
    lead="はじめてのスマートフォン体験会 中止のお知らせ",
    rows=tuple(
        CallRow(
            guest.name,
            guest.kana,
            f"042-563-{2111 + index}",
            "11月25日の体験会が中止になったことを伝える。",
            "娘さんの番号・夕方に" if index % 2 else "",
        )
        for index, guest in enumerate(GUESTS[:7])
    ),
    outcomes=("出た", "留守", "承諾", "辞退"),
    note_label="メモ",
    foot="個人情報を含みます。",
    file_name="電話.pdf",
)
ACTIVITY = Certificate(
    title="活動証明書",
    number="DX第12号",
    name="山田 太郎 様",
    text="下記のとおり、東大和市のスマートフォン講座でサポーターとして活動したことを証明します。",
    facts=(Fact("活動の種別", "TOKYOスマホサポーター"), Fact("回数", "3回"), Fact("時間", "6時間30分")),
    heads=("日付", "講座", "役割", "時間"),
    rows=tuple(
        (f"令和8年11月{day}日", "はじめてのスマートフォン体験会", "アシスタント", "2時間10分") for day in (4, 11, 25)
    ),
    day="令和9年3月31日",
    issuer=("東大和市 DX推進課",),
    file_name="活動証明書.pdf",
    shares=(3, 5, 2.5, 2.2),
)
COMPLETION = Certificate(
    title="修了証",
    number="",
    name="髙﨑 邉𠮷子 様",
    text="あなたは、下記の講座を修了されました。ここにこれを証します。",
    facts=(Fact("講座", "はじめてのスマートフォン教室（全4回）"), Fact("出席", "4回のうち4回")),
    heads=(),
    rows=(),
    day="令和9年3月31日",
    issuer=("東大和市",),
    file_name="修了証.pdf",
)
SIGN_IN = SignInWords(
    "番号", "お名前", ("出席", "遅刻", "欠席"), "端末", "配慮・メモ", "左の番号だけで、あとから入力できます。"
)
TABLES = tuple(
    (f"テーブル {number + 1}", "サポーター：山田 太郎", GUESTS[number * 4 : number * 4 + 4]) for number in range(5)
)


# name → what draws it
PAPERS = {
    "flyer": lambda: flyer(ANNOUNCEMENT),
    "poster": lambda: poster(ANNOUNCEMENT),
    "form": lambda: application_form(FORM),
    "postcards": lambda: postcards([NOTICE], sender=SENDER, title="受講票", file_name="はがき.pdf", with_frame=True),
    "letters": lambda: letters([NOTICE], sender=SENDER, title="受講票", file_name="受講票.pdf"),
    "confirmation": lambda: paper_to_sign(CONFIRMATION),
    "calls": lambda: call_sheet(CALLS),
    "sign_in": lambda: sign_in_sheet(GUESTS, words=HALL, heads=SIGN_IN),
    "tags": lambda: name_tags(GUESTS, words=HALL),
    "plan": lambda: seat_plan(TABLES, words=HALL, front="前（講師）"),
    "evacuation": lambda: evacuation_list(
            GUESTS,
            words=HALL,
            total="いま室内にいる人 19人（付き添い 1人を含む）",
            helpers=("山田 太郎",),
            helpers_title="サポーター",
        ),
    "activity": lambda: certificate(ACTIVITY),
    "completion": lambda: certificate(COMPLETION),
}
