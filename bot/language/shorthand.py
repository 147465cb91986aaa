"""What people write for something else: chat shorthand, spoken names, words run together.

Spellings are lower case, as typed; meanings are plain (without diacritics), as `normalise.fold` gives them.
"""

from __future__ import annotations

from bot.language.syllables import listed

_SPELLINGS = {
    "khong": "k ko kh hk hok hổng hông hem hôg hổg hog khg kg khum khôg nỏ kô hỏg khôngg",
    "duoc": "dc đc dươc đươc dược đưoc dkc đkc đuoc ddc đcc đựơc",
    "khong phai": "kp",
    "khong biet": "kbt",
    "khong co": "kco kcó",
    "khong thay": "kthay kthấy",
    "khong duoc": "kdc kđc kodc kođc hokdc hokđc hkdc hkđc",
    "duoc khong": "dck đck dcko đcko đckh dchk đchk",
    "gi": "j ji jì zì",
    "roi": "r rùi gòi òi ròi roài",
    "em": "e",
    "toi": "t tui tôy",
    "ban": "b",
    "vay": "z v zậy zay dzậy dzay zị dzị",
    "sao": "s",
    "tai sao": "tsao",
    "gio": "h jo jờ chừ",
    "bay gio": "bjo bh bgio bgiờ",
    "lam": "lm mần",
    "cung": "cx cg cũg cug kũng",
    "voi": "vs zới",
    "nguoi": "ng ngừi",
    "nguoi ta": "ngta",
    "moi nguoi": "mn",
    "nhu the nao": "ntn",
    "the nao": "tnào tnao",
    "nhieu": "nhìu nhiu",
    "bao nhieu": "bnhieu bnhiêu bnhiu",
    "truoc": "trc trk",
    "hom nay": "hnay",
    "hom qua": "hqua",
    "tai khoan": "tk tkhoan tkhoản",
    "mat khau": "mkhau mkhẩu",
    "so dien thoai": "sdt sđt sdth sođt sodt",
    "dien thoai": "dt đt dthoai đthoại đthoai dthoại fone phôn",
    "tin nhan": "tn",
    "thong tin": "tt ttin",
    "dang ky": "dky đky dki đki đkí",
    "dang nhap": "dn đn đnhap đnhập dnhap",
    "cap nhat": "cnhat cnhật",
    "xac nhan": "xn xnhan",
    "xac thuc": "xthuc xthực",
    "can bo": "cb",
    "cong an": "cand",
    "can cuoc": "cccd cc",
    "chung minh": "cmnd cmt cmtnd",
    "giay phep lai xe": "gplx",
    "bang lai xe": "blx",
    "bao hiem y te": "bhyt",
    "bao hiem xa hoi": "bhxh",
    "dich vu cong": "dvc dvcqg",
    "an sinh xa hoi": "asxh",
    "ho so": "hs hso",
    "nhan vien": "nv nvien",
    "giup": "jup júp",
    "ho tro": "htro htrợ",
    "huong dan": "hdan hdẫn",
    "he thong": "hthong hthống",
    "ung dung": "ưd",
    "biet": "bit bik bjt",
    "thoi": "thui",
    "luon": "lun",
    "vao": "zô zo zào dzô dzo",
    "qua": "wá wa",
    "quen": "wen wên",
    "chua": "chx",
    "nhung": "nhg nhưg nma",
    "dang": "đag đg",
    "chong": "ck",
    "ok": "oke okê okie okay oki okela okey uki okeh 0k",
    "u": "uh uhm ừm ưm ukm uk ừk ừh ừa ờ ờm ừhm",
    "vang": "vg vâg",
    "vneid": (
        "vnid vnei vnied vnedi vneiđ vneidd vneiid vnneid veneid vineid vneld vneit veid vned vnide vniđ "
        "vneids"
    ),
    "app": "áp appp apps",
    "passcode": "pascode passcot pascot passcod",
    "pass": "pas pát",
    "ch play": "chplay chpay",
    "app store": "appstore apstore",
    "nay": "nì nèk",
    "dung": "đúg",
    "noi chuyen": "nch nchuyen nchuyện",
    "thich": "thik",
    "cam on": "tks thks camon cmon",
}
SHORTHAND = {spelling: meaning for meaning, all_ in _SPELLINGS.items() for spelling in all_.split()}

# Names said out loud and written down by a dictating telephone, or by a person who only ever heard them.
_SPOKEN = {
    "vneid": (
        "ve ne ai di|ve en ai di|ve en e ai di|ve en e i de|ve ne i de|ve ne i di|vi ne ai di|vi en ai di|"
        "vi en i ai di|vi en e ai di|ve no e ai di|ve no ai di|ve lo ai di|ve le ai di|be ne ai di|ve ne id|"
        "vn ai di|vn eid|vn e id|vne id|v neid|v ne id|v n e i d|ve neid|vi neid|ve ne ai"
    ),
    "vssid": "ve et et ai di|vi et et ai di|ve ets ai di",
    "otp": "o te pe|o ti pi|o te be|o ty py|o t p|ot p|o tp",
    "nfc": "en ep xi|en ep si|en ep xe|en ep ci|no ep xe|no ep co|en ef xi|en fc|n f c|nf c",
    "qr": "kiu a|kiu ar|quy a|quy e ro|cu e ro|q r",
    "can cuoc": "xe xe xe de|ce ce ce de|xi xi xi di|si si si di|c c c d",
    "passcode": "pat cot|pas cot|pass cot|pat co|pass code|pas code|mat cot",
    "face id": "phay ai di|phet ai di|fay ai di",
    "facebook": "phay buc|phay bup|face book",
    "wifi": "wi fi|oai phai|quai phai|goai phai",
    "iphone": "ai phon|ai pho|i phone|i phon",
    "zalo": "za lo",
    "samsung": "sam sung",
    "google": "gu gon|gu go",
    "smartphone": "so mat phon|smart phone",
    "app store": "ap sto|app sto|ap store",
    "ch play": "ce hat play|che play|xe hat play|xe hat pley",
    "esim": "e sim",
    "ap dung": "app dung",
    "ap luc": "app luc",
    "muc 2": "muc hai|cap hai|cap 2|muc do 2|muc do hai|cap do 2|cap do hai|lv 2|level 2",
    "muc 1": "muc mot|cap mot|cap 1|muc do 1|muc do mot|cap do 1|cap do mot|lv 1|level 1",
}
SPOKEN = {
    tuple(listed(" ".join(SHORTHAND.get(word, word) for word in said.split()))): name
    for name, all_ in _SPOKEN.items()
    for said in all_.split("|")
}
"""By the words as they come out of the shorthand ("e" has become "em"); the longest wins."""

_COMPOUNDS = (
    "tai khoan|dinh danh|can cuoc|cong an|cong an xa|cong an phuong|dien thoai|kich hoat|dang ky|"
    "dang nhap|tin nhan|ngan hang|he thong|ung dung|ho tro|huong dan|cap nhat|xac thuc|thong tin|"
    "giay to|bao hiem|tich hop|dich vu|dich vu cong|an sinh|can bo|phe duyet|sinh trac|quay lai|"
    "tro lai|bo qua|gap nguoi|gap can bo|tiep tuc|bat dau|bi loi|khong duoc|duoc khong|lam sao|the nao|"
    "nhu the nao|bao lau|o dau|cam on|xin chao|chao ban|mat khau|ma otp|ma qr|bao mat|so dien thoai|"
    "dien thoai moi|tai app|mo app|cai app|rieng tu|du lieu|xoa du lieu|lam lai|noi lai|nhac lai|"
    "lam tiep|bo tay|bi ket"
)
GLUED = {words.replace(" ", ""): words for words in _COMPOUNDS.split("|")}
"""Those with a syllable too short, or with two readings, to be cut by the grammar alone."""

PROTECTED = frozenset(
    listed("""
    ad admin adr android ap apk app apple asus at
    bank bar bidv blue bluetooth book bot box bug bus button
    call camera card chat check chip chrome click clip cloud code com confirm connect cookie
    data date delete desktop device did does dev down download drive
    edge email error esim etax excel exit face facebook fail fake fax file fix for form free from
    gas get gmail gold google gov gps group hack has help her his hotline how http https
    icloud id if ios ipad iphone is its key lag laptop law link linux lite load lock log login logo logout
    low max menu messenger mess microsoft mix mobi mobile momo my
    net network new news next nfc nokia not note now number
    of off office offline ok on online oppo or os otp out
    page pass passcode password pay pc pdf phone photo pin ping play please plus pos post power pro
    qr realme redmi register remote request reset reload restart root
    safari samsung scam scan screen send server setup share shop show sign sim skype smartphone sms snap soft
    spam start status stop store submit support sync system
    tab tablet tax team teamviewer telegram test text tiktok time token top touch true tv two
    ultra unlock up update upload us usb use user ussd
    verify version viber video viettel vietcombank viettinbank vinaphone mobifone virus visa vivo vneid vpn
    vssid was web website what when wifi window windows word work www
    xiaomi yahoo yes you your youtube zalo zoom
    2g 3g 4g 5g 6g
    """)
)
"""Never read as Telex, as two words, or as a misspelling."""

COUNTED = {
    "so": "1234589",
    "cau": "123456789",
    "buoc": "123456789",
    "lan": "123456789",
    "muc": "12",
    "cap": "12",
    "chon": "1234",
    "iphone": "123456789",
    "ip": "123456789",
}
"""Words that people write a number to: "bước3" is no Telex or VNI, nor is "ip8". "so6", "so7" are VNI."""
