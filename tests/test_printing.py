"""Every paper, read back as a printer and a telephone's camera would: its text, sizes, fonts, codes and pages."""

import re
import subprocess
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.printing.breaking import NEVER_FIRST, NEVER_LAST, lines_of, plain
from exports.printing.flyer import flyer
from exports.printing.hall import Guest, sign_in_sheet
from exports.printing.notices import letters, postcards
from exports.printing.paper import LEAST_CODE
from tests.papers import (
    ADDRESS,
    ANNOUNCEMENT,
    GUESTS,
    HALL,
    NOTICE,
    PAPERS,
    RECEIPT,
    SENDER,
    SIGN_IN,
)
from tests.reading_paper import code_on, poppler, streams, text_of, words_on


@pytest.fixture(scope="module")
def papers():
    return {name: draw() for name, draw in PAPERS.items()}


@pytest.mark.parametrize("name", ["poster", "postcards", "sign_in"])
def test_the_same_values_give_the_same_bytes(papers, name):
    assert papers[name].file.content == PAPERS[name]().file.content


def test_no_letter_on_any_paper_is_smaller_than_12_points(papers):
    sizes = {
        name: [float(size) for stream in streams(printed.file) for size in re.findall(rb"/F\d+ ([\d.]+) Tf", stream)]
        for name, printed in papers.items()
    }

    assert all(sizes.values())
    assert {name: min(found) for name, found in sizes.items() if min(found) < 12} == {}


def test_no_word_leaves_its_page(papers, tmp_path):
    lost = [
        (name, word)
        for name, printed in papers.items()
        for (width, height), word, (left, top, right, bottom) in words_on(printed.file, tmp_path)
        if left < 0 or top < 0 or right > width or bottom > height
    ]

    assert lost == []


def test_every_font_travels_with_the_paper(papers, tmp_path):
    lines = poppler("pdffonts", papers["postcards"].file, tmp_path).splitlines()[2:]

    assert {line.split()[0].partition("+")[2] for line in lines} >= {"BIZUDPGothic", "SupportappNames"}
    assert all(" yes yes yes " in line for line in lines)


def test_names_are_found_in_the_text_as_they_are_written(papers, tmp_path):
    for name in ("postcards", "letters", "confirmation", "calls", "sign_in", "tags", "evacuation", "completion"):
        assert "髙﨑邉𠮷子" in text_of(papers[name].file, tmp_path), name


def test_the_flyer_says_what_when_where_who_how_much_and_how(papers, tmp_path):
    for name in ("flyer", "poster"):
        said = text_of(papers[name].file, tmp_path)

        assert papers[name].pages == 1
        told = (ANNOUNCEMENT.title, "13:30〜15:30", "第1会議室", "60歳以上", "無料", "042-563-2111", "第1.1版", ADDRESS)
        assert [words for words in told if words not in said] == []


@pytest.mark.parametrize("name", ["flyer", "poster"])
def test_the_code_on_the_flyer_is_read_from_the_page_and_large_enough(papers, tmp_path, name):
    text, side = code_on(papers[name].file, tmp_path)

    assert text == ADDRESS
    assert side >= LEAST_CODE - 0.3  # the decoder answers in dots


def test_a_ticket_carries_its_random_number_and_nothing_of_the_person(tmp_path):
    notice = replace(NOTICE, code=RECEIPT)
    card = postcards([notice], sender=SENDER, title="受講票", file_name="はがき.pdf", with_frame=False)
    letter = letters([notice], sender=SENDER, title="受講票", file_name="受講票.pdf")

    assert code_on(card.file, tmp_path, page=2)[0] == RECEIPT
    assert code_on(letter.file, tmp_path)[0] == RECEIPT


def test_a_postcard_has_the_size_and_the_frame_of_the_post(papers, tmp_path):
    assert "283.46 x 419.53 pts" in poppler("pdfinfo", papers["postcards"].file, tmp_path)

    found = [(word, box) for (width, _), word, box in words_on(papers["postcards"].file, tmp_path) if box[3] < 23]
    digits = [(word, box) for word, box in found if word.isdigit()]
    assert "".join(word for word, _ in digits) == "2070015"
    assert min(box[0] for _, box in digits) >= 44.3
    assert max(box[2] for _, box in digits) <= 92


def test_a_long_list_repeats_its_head_and_numbers_its_pages(tmp_path):
    sheet = sign_in_sheet(GUESTS * 4, words=HALL, heads=SIGN_IN)
    said = poppler("pdftotext", sheet.file, tmp_path, "-layout")

    assert sheet.pages > 2
    assert said.count(SIGN_IN.device) == sheet.pages
    assert f"1/{sheet.pages}" in text_of(sheet.file, tmp_path)


def test_a_character_that_no_font_has_is_named_and_not_left_empty(tmp_path):
    printed = sign_in_sheet([Guest("\U0002a6d6 一郎")], words=HALL, heads=SIGN_IN)

    assert printed.missing == ("\U0002a6d6",)
    assert "〓一郎" in text_of(printed.file, tmp_path)


def test_selectors_and_hidden_signs_take_no_place():
    assert plain("葛\U000e0100城\u200b　カ\u3099\r\n次") == "葛城　ガ\n次"


def test_a_text_of_any_length_stays_on_one_flyer():
    long = replace(ANNOUNCEMENT, lead=ANNOUNCEMENT.lead * 6, title=ANNOUNCEMENT.title * 2)

    assert flyer(long).pages == 1


def test_the_pdf_library_is_not_loaded_for_the_first_screen():
    import sys

    script = "import sys, supportapp.server; print([name for name in ('fpdf', 'segno', 'PIL') if name in sys.modules])"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "[]"


TEXT = st.text(alphabet="あいう漢字、。（）「」ー A1b2.-:", min_size=1, max_size=80)


@given(text=TEXT, width=st.integers(4, 20))
def test_lines_keep_every_sign_and_their_width(text, width):
    lines = lines_of(text, width, lambda part: float(len(part)))

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(len(line) <= width for line in lines)


PIECES = st.sampled_from(["あ", "漢", "、", "。", "「字」", "（か）"])


@given(text=st.lists(PIECES, min_size=1, max_size=40).map("".join))
def test_a_line_begins_with_no_full_stop_and_ends_with_no_opening_bracket(text):
    lines = lines_of(text, 12, lambda part: float(len(part)))

    for above, below in pairwise(lines):
        if not set(below) <= NEVER_FIRST and not set(above[-4:]) & NEVER_FIRST:
            assert below[0] not in NEVER_FIRST
        assert above[-1] not in NEVER_LAST
