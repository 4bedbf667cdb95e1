"""Names and kana as they are found and sorted; telephone numbers, My Number and codes of municipalities."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.japan.errors import UnreadableMunicipalityCode, UnreadableTelephone
from events.japan.municipality_codes import is_municipality_code, parse_municipality_code, with_check_digit
from events.japan.my_number import check_digit, holds_my_number
from events.japan.names import kana_key, kana_row, kana_sort_key, name_key, tidy_name
from events.japan.telephones import (
    checked_telephone,
    is_mobile,
    shown_telephone,
    telephone_key,
    telephone_tail,
)

A_NUMBER = "123456789018"


@pytest.mark.parametrize(
    ("given_name", "typed"),
    [
        ("髙橋 一郎", "高橋一郎"), ("山﨑", "山崎"), ("渡邉", "渡辺"), ("渡邊", "渡辺"), ("𠮷野", "吉野"),
        ("齋藤", "斉藤"), ("斎藤", "齊藤"), ("濵田", "浜田"), ("渡邊\U000e0101", "渡辺"), ("佐々木", "佐佐木"),
        ("ﾔﾏﾀﾞ", "やまだ"), ("ＪＯＨＮ Smith", "john smith"), ("大塚", "大塚"), ("中嶋・花子", "中島花子"),
    ],
)  # fmt: skip
def test_names_are_found_by_their_ordinary_forms(given_name, typed):
    assert name_key(given_name) == name_key(typed)


@pytest.mark.parametrize(
    ("given_kana", "typed"),
    [
        ("さとう はなこ", "サトウハナコ"), ("ｻﾄｳ", "さとう"), ("サトー", "さとう"), ("ケーコ", "けいこ"),
        ("キヨウコ", "きょうこ"), ("みづき", "ミズキ"), ("リュウガサキ", "リユウガサキ"), ("ユ‐コ", "ユーコ"),
        ("カ\u3099", "ガ"), ("ﾊﾟｸ", "ぱく"),
    ],
)  # fmt: skip
def test_kana_of_every_kind_and_width_are_found(given_kana, typed):
    assert kana_key(given_kana) == kana_key(typed)


JAPANESE = st.sampled_from(
    "".join(map(chr, [*range(0x20, 0x7F), *range(0x3040, 0x3100), *range(0xFF01, 0xFFA0), *range(0x4E00, 0x4F00)]))
    + "髙﨑邉𠮷々　"
)


@given(st.text(JAPANESE, max_size=40))
def test_search_keys_are_the_same_when_made_twice(text):
    assert kana_key(kana_key(text)) == kana_key(text)
    assert name_key(name_key(text)) == name_key(text)


@pytest.mark.parametrize("name", ["髙﨑邉𠮷", "塚\ufa10", "福\ufa1b 太郎", "邊\U000e0101", "㈱山田"])
def test_stored_names_are_never_changed(name):
    assert tidy_name(f" \u3000{name}\u3000") == name


def test_stored_kana_and_their_marks_are_one_character():
    assert tidy_name("カ\u3099トウ") == "ガトウ"


def test_the_table_of_forms_names_each_character_once():
    lines = files("events.japan").joinpath("variant_kanji.txt").read_text(encoding="utf-8").splitlines()
    forms = [form for line in lines if not line.startswith("#") for form in line.split()]

    assert len(forms) == len(set(forms))
    assert {len(form) for form in forms} == {1}


@pytest.mark.parametrize(
    ("kana", "row"),
    [
        ("あべ", "あ"), ("ｶﾞﾄｳ", "か"), ("ぢ", "た"), ("ぱく", "は"), ("ょう", "や"), ("ん", "わ"), ("ヴ", "あ"),
        ("J", "他"), ("", "他"),
    ],
)  # fmt: skip
def test_readings_stand_in_their_row_of_the_index(kana, row):
    assert kana_row(kana) == row


def test_readings_are_sorted_as_in_a_telephone_book():
    ordered = ["アベ", "イトウ", "カトウ", "ガトウ", "カワイ", "サトウ", "サトー", "ハタ", "ハダ", "バタ", "ん"]

    jumbled = ordered[1::2] + ordered[::2]

    assert sorted(jumbled, key=kana_sort_key) == ordered


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("042-346-9818", "0423469818"), ("０４２（３４６）９８１８", "0423469818"), ("042ー346−9818", "0423469818"),
        ("+81 42-346-9818", "0423469818"), ("+81(0)42-346-9818", "0423469818"), ("090 1234 5678", "09012345678"),
    ],
)  # fmt: skip
def test_telephone_numbers_are_compared_by_their_digits(typed, digits):
    assert telephone_key(typed) == digits
    assert checked_telephone(typed) == digits
    assert telephone_tail(typed) == digits[-4:]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("0423469818", "(042)346-9818"), ("0312345678", "(03)1234-5678"), ("0422511234", "(0422)51-1234"),
        ("0428221234", "(0428)22-1234"), ("0499212345", "(04992)1-2345"), ("0429981111", "(04)2998-1111"),
        ("09012345678", "090-1234-5678"), ("0120123456", "0120-123-456"), ("05012345678", "050-1234-5678"),
        ("0112112111", "(011)211-2111"), ("１１０", "１１０"),
    ],
)  # fmt: skip
def test_telephone_numbers_are_shown_as_gif_writes_them(typed, shown):
    assert shown_telephone(typed) == shown


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True) | st.from_regex(r"0[6-9]0[1-9][0-9]{7}", fullmatch=True))
def test_a_shown_number_has_the_digits_that_were_given(number):
    assert telephone_key(shown_telephone(number)) == number


@pytest.mark.parametrize(
    "typed",
    [
        "", "346-9818", "042-346-981", "042-346-98180", "090-1234-567", "なし", "00812345678", "042-346-9818 内線3",
        "+1 212 555 0100",
    ],
)  # fmt: skip
def test_what_is_no_number_of_japan_is_refused(typed):
    with pytest.raises(UnreadableTelephone):
        checked_telephone(typed)


@pytest.mark.parametrize(
    ("typed", "mobile"),
    [("060-1234-5678", True), ("+81 90-1234-5678", True), ("042-346-9818", False), ("050-1234-5678", False)],
)
def test_mobile_numbers_are_told(typed, mobile):
    assert is_mobile(typed) == mobile


@pytest.mark.parametrize(
    "text",
    [
        A_NUMBER, f"番号は{A_NUMBER}です", "1234 5678 9018", "1234-5678-9018", "１２３４　５６７８　９０１８",
        "1234\n5678\n9018",
        "1 2 3 4 5 6 7 8 9 0 1 8", "1234‐5678ー9018", "1234・5678・9018", "1234\u200b5678\u200b9018",
        f"042-346-9818 {A_NUMBER}", f"{A_NUMBER} 090-1234-5678", "1234 - 5678 - 9018",
    ],
)  # fmt: skip
def test_my_numbers_are_found_however_they_are_written(text):
    assert holds_my_number(text)


@pytest.mark.parametrize(
    "text",
    ["", "123456789017", "042-346-9818", "090-1234-5678", f"1{A_NUMBER}", f"{A_NUMBER}1", "2026/10/14 13:30"],
)
def test_other_numbers_are_not_taken_for_my_numbers(text):
    assert not holds_my_number(text)


ELEVEN = st.lists(st.integers(0, 9), min_size=11, max_size=11)
SEPARATORS = st.sampled_from(["", " ", "\u3000", "-", "－", "‐", "・", "\n", ". "])


@given(ELEVEN, st.lists(SEPARATORS, min_size=11, max_size=11), st.booleans())
def test_every_my_number_is_found_however_it_is_spaced(first, separators, wide):
    digits = "".join(f"{digit}{between}" for digit, between in zip(first, separators, strict=True))
    text = f"{digits}{check_digit(first)}"
    if wide:
        text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert holds_my_number(f"メモ {text} です")


@given(ELEVEN, st.integers(1, 9))
def test_a_wrong_check_digit_is_no_my_number(first, off):
    wrong = (check_digit(first) + off) % 10

    assert not holds_my_number("".join(map(str, [*first, wrong])))


@pytest.mark.parametrize("code", ["130001", "132110", "132136", "132209", "132225", "011002"])
def test_codes_of_municipalities_carry_their_check_digit(code):
    assert with_check_digit(code[:5]) == code
    assert is_municipality_code(code)
    assert parse_municipality_code(code) == code


@pytest.mark.parametrize(("written", "code"), [("11002", "011002"), ("13211", "132110"), ("１３２２０９", "132209")])
def test_codes_that_a_spreadsheet_damaged_are_given_back(written, code):
    assert parse_municipality_code(written) == code


@pytest.mark.parametrize("written", ["", "132111", "992110", "1322090", "東大和市"])
def test_what_is_no_code_is_refused(written):
    with pytest.raises(UnreadableMunicipalityCode):
        parse_municipality_code(written)
