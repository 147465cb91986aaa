"""What words mean to the guard: who gives what to whom, and what makes it harmless."""

from __future__ import annotations

from enum import Enum, auto

from bot.app.dangers import Danger
from bot.language.syllables import listed


class Mark(Enum):
    """What one word or phrase is good for in a request."""

    PLAIN = auto()
    STOP = auto()
    COMMA = auto()
    NOT = auto()
    CALM = auto()  # "đừng lo": forbids nothing that follows
    OTHERS = auto()  # somebody else asks: crooks, strangers
    ANYONE = auto()
    SELF = auto()
    HERE = auto()
    YOU = auto()
    OFFICE = auto()
    SYSTEM = auto()
    BUTTON = auto()
    GIVE = auto()  # plainly give away
    TELL = auto()  # gives away only when it is told to the helper
    ENTER = auto()
    DO = auto()  # other verbs
    SHOOT = auto()
    SETUP = auto()
    CONTACT = auto()
    PAY = auto()
    FEE = auto()
    FREE = auto()
    AMOUNT = auto()
    WHAT = auto()
    WHETHER = auto()
    THAT = auto()
    HARMLESS = auto()
    CODE = auto()
    PASSWORD = auto()
    NUMBER = auto()
    PAPER = auto()
    IMAGE = auto()
    SCREEN = auto()
    ACCOUNT = auto()
    CARD = auto()
    PHONE = auto()
    CHANNEL = auto()
    FRIEND = auto()
    REMOTE = auto()
    APK = auto()
    PROGRAM = auto()
    OURS = auto()


SECRETS = {
    Mark.CODE: Danger.CODE,
    Mark.PASSWORD: Danger.PASSWORD,
    Mark.NUMBER: Danger.ID_NUMBER,
    Mark.PAPER: Danger.DOCUMENT,
    Mark.IMAGE: Danger.DOCUMENT,
    Mark.ACCOUNT: Danger.MONEY,
    Mark.CARD: Danger.MONEY,
    Mark.PHONE: Danger.OTHER_CHANNEL,
}
"""What must not be given away, and what asking for it is."""

_PHRASES = {
    Mark.NOT: """
        dung | khong | chang | khoi | chua can | chua phai | chua nen | khong duoc | chang ai | khong he
        | ngung | tranh | tu choi
    """,
    Mark.CALM: """
        dung lo | dung ngai | dung so | dung quen | khong sao | khong lo | khong ngai | dung ngan ngai |
        khong dung | dung khong | dung gio | dung ten | khong noi ai dau | khong mat gi | khong kip |
        khong quen
    """,
    Mark.OTHERS: """
        ai hoi | ai xin | ai bao | ai dan | ai goi | ai nhan | ai do | ai yeu cau | ai doi | co ai | neu
        ai | ai huong dan | nguoi la | nguoi nao | ke gian | ke xau | ke lua dao | ke | lua dao | lua |
        gia danh | gia mao | xung la | co nguoi | cuoc goi la | so la | trot | lo | mao danh | nguoi ta
        | dua nao | cong an khong | can bo khong
    """,
    Mark.ANYONE: "ai | nguoi khac | bat ky ai | nguoi ngoai | ca nhan nao | nguoi thuong",
    Mark.SELF: """
        chau | em | con | minh | toi | tao | tui | tu van vien | ben chau | ben em | ben minh | ad |
        admin
    """,
    Mark.HERE: """
        tai day | ngay day | ngay tai day | o chat | o chat nay | khung tin nhan | o nhan tin | day |
        qua day | vao day | len day | sang day | o day | xuong day | khung chat | khung nay | chat nay |
        tin nhan nay
    """,
    Mark.YOU: "bac | co | chu | ong | ba | anh | chi | cu | cau | thim",
    Mark.OFFICE: """
        cong an xa | cong an phuong | cong an | can bo | kho bac | cong dich vu cong | dich vu cong | uy
        ban | ubnd | quay tiep dan | noi lam the | vi tri lam the | tai vi tri | buu dien | toa an | nha
        mang | cua hang | bao hiem xa hoi | mot cua | thue
    """,
    Mark.SYSTEM: """
        he thong | tong dai | may chu | may | may cu | may moi | ngan hang | bo cong an | nha nuoc |
        viettel | tin nhan | cuc | trung tam | ben tren | ho
    """,
    Mark.BUTTON: "bam | nut | chon | an vao | cham | yeu cau | bam vao | chon muc | muc",
    Mark.GIVE: """
        gui | cung cap | chia se | tiet lo | share | send | forward | inbox | chuyen | gui lai | gui qua
        | gui gium | gui giup | fw
    """,
    Mark.TELL: """
        cho biet | doc | nhan | dua | bao | noi | ghi | chep | viet | tra loi | cho | dan | rep | phat |
        giao | khai | nhac | quang | nem | chep lai | doc lai | bao lai | noi lai | dua lai | nhan lai |
        dua day | de lai | chuyen lai | ghi lai | dat | nop
    """,
    Mark.ENTER: "nhap | dien | go | nhap vao | dien vao | go vao | nhap lai | go lai | danh",
    Mark.DO: """
        quay lai | quay ve | dang dung | su dung | dung duoc | hoi | biet | nghe | tin | xem | lay | tra
        | mat | nho | giu | nhan duoc | lanh duoc | lanh | thay | khai bao | lam | mo | giup | muon |
        dang nhap | kiem tra | xac minh | tra cuu | nhin | ve | cap | quet | ap | mang | cam | ra
    """,
    Mark.SHOOT: """
        chup | quay | selfie | chup lai | chup giup | chup hinh | quay phim | quay video | chup man hinh
        | chup hinh man hinh
    """,
    Mark.SETUP: "cai | tai | cai dat | tai ve | cai them | tai them | cai giup | setup | download",
    Mark.CONTACT: """
        noi chuyen rieng | noi chuyen | lien he | trao doi | goi | goi dien | goi truc tiep | goi video
        | them | add | tim | sang | qua | nhan tin | huong dan tiep | alo | noi may | nhan tiep | vao
        nhom | vao | chat
    """,
    Mark.PAY: """
        chuyen khoan | chuyen tien | gui tien | nap tien | dua tien | tra cong | boi duong | lot tay |
        ung tien | cho vay | muon tien | dat coc | nap the | mua the | mua the cao | tien cong | tien
        nuoc | tien cafe | tien ca phe | tien xang | phi ho tro | phi dich vu | coc tien | chuyen truoc
        | chuyen tam | bo tien | momo | gui it tien | it tien
    """,
    Mark.FEE: """
        thanh toan | dong phi | dong tien | nop phi | nop tien | tra phi | tra tien | phi | le phi |
        tien | mat phi | ton phi | dong le phi | nop le phi | phi kich hoat | chi phi
    """,
    Mark.FREE: """
        mien phi | khong mat tien | khong mat phi | khong ton | tien phat | tro cap | mat tien | tru
        tien | het tien | luong huu | nop phat | phat tien | tien tro cap
    """,
    Mark.WHAT: """
        la chu gi | la so gi | chu gi | so gi | la gi | la bao nhieu | bao nhieu | la so may | may so |
        la may | la so nao | la sao | la chi | the nao | gi | la cai gi | ra sao
    """,
    Mark.WHETHER: """
        chua | co loi | bi loi | neu | khi | khi nao | bao gio co | het han | duoc chua | con han | van
        han | xong | khong ve | co ve | co chip | co gan chip | co chuan | co phai | co khop | chinh chu
        | loai nao | mang gi
    """,
    Mark.THAT: """
        con so | sau con so | 6 con so | may con so | day chu so | chu so | bao nhieu con so | cac con
        so | ma so | duong dan | duong link | so do | ma do | day so do | so ay | ma ay | no | tai khoan
        | cai do | day do | so vua ve | so nay | ma nay | so | ma | day so
    """,
    Mark.HARMLESS: """
        ho so | noi minh | noi minh o | noi bac | moi noi | noi khac | nhieu noi | noi lam | noi cap |
        noi dang ky | dong chu | chu dang hien | ma loi | loi | bao loi | thong bao | ket qua | xa | cau
        hoi | mot tieng | huong dan | ma ho so | ma vung | ma so thue | ma buu dien | ma buu chinh | xac
        nhan | ca nhan | nguoi dan | bao mat | bao hiem | noi cu tru | noi o | xin chao | xin loi | xin
        phep | ke ca | con chau | con cai | chau trong nha | em be | dang hien | tieng | canh bao | ma
        bao hiem | ma gui | ghi gi | ghi chu | bao nguoi xau | bao cong an | trinh bao | dau tien | ma
        dinh danh noi | toi noi | sang mai | hom nay | toi nay | khong can gui hinh
    """,
    Mark.CODE: """
        otp | ma otp | ma xac nhan | ma xac thuc | ma xac minh | ma 6 so | ma sau so | ma 6 chu so | ma
        pin | pin | passcode | ma passcode | ma kich hoat | ma bao mat | ma dang nhap | ma trong tin
        nhan | ma tin nhan | 6 so | sau so | 6 chu so | ma vua ve | ma code | code | ma so vua ve | day
        6 so | day so trong tin nhan | so trong tin nhan | ma moi ve | ma sms | ma vneid | ma 4 so |
        smart otp | so vua lanh | sau chu so | tin nhan xac nhan | tin nhan xac thuc | ma so trong tin
        nhan
    """,
    Mark.PASSWORD: "mat khau | pass | password | mat ma | pw | mat khau vneid",
    Mark.NUMBER: """
        so can cuoc | so the can cuoc | so dinh danh | so chung minh | so the | 12 so | so giay to | ma
        dinh danh | 12 chu so | so cmnd | so can cuoc cong dan | muoi hai so | so tren the | so ho chieu
        | so bao hiem | ma so bao hiem | 9 so | so dinh danh ca nhan | so ho khau
    """,
    Mark.PAPER: """
        the can cuoc | can cuoc | giay to | bang lai | giay phep lai xe | khuon mat | mat truoc | mat
        sau | van tay | chung minh | hai mat | giay khai sinh | mat bac | guong mat | the bao hiem | so
        hong | can cuoc cong dan
    """,
    Mark.IMAGE: """
        hinh | hinh chan dung | anh chan dung | chan dung | hinh the | anh the | hinh can cuoc | anh can
        cuoc | video | hinh chup | anh chup | tam hinh | tam anh | clip | hinh man hinh | anh man hinh |
        hinh mat | anh mat | hinh khuon mat | anh khuon mat
    """,
    Mark.SCREEN: "man hinh | tin nhan co",
    Mark.ACCOUNT: """
        so tai khoan | stk | so the ngan hang | the ngan hang | cvv | tai khoan ngan hang | so tk | tk
        ngan hang
    """,
    Mark.CARD: "the cao | ma the cao | ma the | the dien thoai | the nap",
    Mark.PHONE: "so dien thoai | so may | so phone | so di dong | so zalo | so lien lac",
    Mark.CHANNEL: """
        zalo | facebook | telegram | viber | messenger | whatsapp | skype | email | gmail | google meet
        | zoom | face | mess | line
    """,
    Mark.FRIEND: """
        so rieng cua chau | so rieng cua em | so rieng cua con | so rieng cua minh | so cua chau | so
        cua em | luu so | sdt chau | so dien thoai chau | so dien thoai em | so dien thoai cua chau | so
        dien thoai cua em | ket ban | inbox rieng | inbox chau | inbox em | nhan rieng | goi rieng |
        nhom kin | chat rieng | vao nhom zalo
    """,
    Mark.REMOTE: """
        ultraviewer | ultraview | ultra viewer | ultra view | ultra | teamviewer | team viewer |
        teamview | anydesk | any desk | dieu khien tu xa | dieu khien may | dieu khien | chia se man
        hinh | share man hinh | remote | airdroid
    """,
    Mark.APK: """
        apk | file apk | tep apk | nguon khong xac dinh | ngoai kho | ngoai ch play | nguon ngoai
    """,
    Mark.PROGRAM: """
        app | ung dung | phan mem | file | app ho tro | phan mem ho tro | ung dung ho tro | chuong trinh
        | tap tin | file cai
    """,
    Mark.OURS: "vneid | ch play | app store | vssid | kho ung dung | google play | etax",
}
"""Phrases as `fold` writes them. No phrase stands twice: a test looks."""

LINKS = frozenset(
    listed(
        """
        bao gio nen duoc can phai co he tu y cho nao hay di tuyet doi nhe mang dem bat ky hoac cung va voi
        dau cac nhung lai a giup ho cua ma bang theo them vao ra tam
        """
    )
)
"""May stand between a negation and its verb."""

LEXICON = {
    tuple(phrase.split()): mark
    for mark, phrases in _PHRASES.items()
    for phrase in phrases.split("|")
    if phrase.strip()
}
LONGEST_PHRASE = max(map(len, LEXICON))
