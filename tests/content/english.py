"""The small complete set of content files in English, right in every way, for tests to spoil."""

from __future__ import annotations

import shutil
from pathlib import Path

from shelf import REPOSITORY, Shelf

from bot.core.hearing import Word

HEAD = """\
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"X-Complete: yes\\n"

"""

GUIDE_PO = """\
msgid "Kích hoạt tài khoản"
msgstr "Activate your account"

msgid "Đăng nhập được bằng tài khoản vừa kích hoạt"
msgstr "Log in with the account you have just activated"

msgid "Mở ứng dụng"
msgstr "Open the app"

msgid ""
"{{ xung_ho|capitalize }} mở **VNeID**, rồi bấm «Kích hoạt».\\n"
"Cứ từ từ ạ."
msgstr ""
"Open **VNeID**, then press «Kích hoạt» (Activate).\\n"
"Take your time."

msgid "Nút Kích hoạt được khoanh"
msgstr "The button Kích hoạt is circled"

msgid "Đã bấm"
msgstr "Pressed it"

msgid "Không thấy nút"
msgstr "No such button"

msgid "Tôi dùng iPhone"
msgstr "I use an iPhone"

msgid "Tìm nút"
msgstr "Find the button"

msgid "Nút nằm ở cuối màn hình ạ."
msgstr "The button is at the end of the screen."

msgid "Hỏi tuổi"
msgstr "Your age"

msgid "Năm nay {{ xung_ho }} bao nhiêu tuổi ạ?"
msgstr "How old are you?"

msgid "Em chưa rõ, xin nhắn một con số ạ."
msgstr "I did not understand, please send one number."

msgid "Cài ứng dụng"
msgstr "Install the app"

msgid "Gặp người"
msgstr "Talk to a person"

msgid "Em mời người giúp vào ngay ạ."
msgstr "I am asking a helper to come."

msgid "Xong"
msgstr "Done"

msgid "Xong rồi ạ. Cần hỏi thêm thì gọi 1900 0368."
msgstr "Done. If you have more questions, call 1900 0368."
"""

OWN_PO = 'msgid "Câu của em, {{ xung_ho }} ạ."\nmsgstr "My sentence."\n'
MENU_PO = """\
msgid "Làm quen"
msgstr "First steps"

msgid "Tài khoản"
msgstr "Account"
"""
WORDS = "".join(f'"{word}": [{word} in english]\n' for word in Word)

ENGLISH = {
    "locales/en/flows/kich-hoat.po": HEAD + GUIDE_PO,
    "locales/en/flows/_menu.po": HEAD + MENU_PO,
    "locales/en/bot.po": HEAD + OWN_PO,
    "locales/en/words.yaml": WORDS,
}


def bilingual(root: Path) -> Shelf:
    """All files in Vietnamese, and those of ENGLISH."""
    shelf = Shelf.at(root)
    for file, text in ENGLISH.items():
        shelf.write(file, text)
    shutil.copy(REPOSITORY / "locales/en/forbidden.txt", root / "locales/en/forbidden.txt")
    return shelf
