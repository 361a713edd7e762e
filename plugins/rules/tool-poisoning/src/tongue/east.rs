//! Stems of languages farther east, with and without blanks between words.

use super::{
    Idea::{Alter, Aside, Content, Earlier, Not, Orders, Payee, Secret, Send, Take, Tell, Unbound, User},
    Tongue,
};

/// Polish.
pub(super) const POLISH: Tongue = &[
    (Aside, &["zignoruj", "ignoruj", "zapomnij", "pomin"]),
    (Orders, &["instrukcj", "polecen", "wytyczn", "zasad", "regul"]),
    (Earlier, &["poprzedni", "wczesniejsz", "wszystki", "swoj"]),
    (Not, &["nie ", "bez "]),
    (Tell, &["mow ", "informuj", "wspomin", "powiadam", "ujawnia", "wiedzi"]),
    (User, &["uzytkownik", "klient"]),
    (Take, &["przeczytaj", "odczytaj", "otworz", "zbierz", "skopiuj", "pobierz"]),
    (Send, &["wyslij", "przeslij", "przekaz", "dolacz", "umiesc", "wstaw", "wklej"]),
    (Secret, &["hasla", "haslo", "haslami", "hasel", "poswiadcz", "klucz", "id_rsa", ".ssh", ".env"]),
    (Alter, &["zmien", "zamien", "zastap"]),
    (Payee, &["konto", "rachun", "odbiorc", "kwot", "adres"]),
];

/// Turkish.
pub(super) const TURKISH: Tongue = &[
    (Aside, &["yoksay", "yok say", "gormezden gel", "unut"]),
    (Orders, &["talimat", "yonerge", "kural"]),
    (Earlier, &["onceki", "tum ", "butun "]),
    (Not, &["soyleme", "bahsetme", "bildirme", "olmadan", "haber vermeden", "bilmeden"]),
    (Tell, &["soyleme", "bahsetme", "bildirme", "haber", "bilmeden"]),
    (User, &["kullanici", "musteri"]),
    (Take, &["oku", "topla", "kopyala"]),
    (Send, &["gonder", "ilet", "ekle", "yapistir"]),
    (Secret, &["parola", "sifre", "anahtar", "kimlik bilgi", "id_rsa", ".ssh", ".env"]),
    (Alter, &["degistir"]),
    (Payee, &["hesap", "alici", "tutar", "adres"]),
];

/// Russian.
pub(super) const RUSSIAN: Tongue = &[
    (Aside, &["игнорир", "забудь", "забудьте", "пренебре", "отмен", "не действуют", "утратил"]),
    (Orders, &["инструкци", "указани", "правила", "директив"]),
    (Earlier, &["предыдущ", "прежн", "все ", "ранее", "свои"]),
    (Not, &["не ", "без ", "тайн", "секрет"]),
    (Tell, &["сообща", "говори", "упомина", "информир", "уведомля", "раскрыва", "тайн", "секрет"]),
    (User, &["пользовател", "в ответе", "в ответах"]),
    (Content, &["содержим", "содержание файл"]),
    (
        Unbound,
        &[
            "без ограничений",
            "без цензуры",
            "неограниченн",
            "режим разработчика",
            "режим администратора",
            "теперь ты",
            "ты теперь",
            "вы теперь",
            "взломанн",
        ],
    ),
    (Take, &["прочита", "прочти", "открой", "собери", "извлек", "скопируй"]),
    (Send, &["отправ", "передай", "передайте", "перешл", "загрузи", "вставь"]),
    (
        Secret,
        &[
            "парол",
            "ключ",
            "секрет",
            "учетны",
            "учётны",
            "переменные окружения",
            "переписк",
            "историю чата",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["замен", "измен"]),
    (Payee, &["счет", "получател", "сумм", "адрес"]),
];

/// Chinese.
pub(super) const CHINESE: Tongue = &[
    (Aside, &["忽略", "无视", "忘记", "忽視", "無視", "作废", "失效", "不再适用"]),
    (Orders, &["指令", "指示", "提示词", "规则", "規則", "说明"]),
    (Earlier, &["之前", "以前", "先前", "所有", "上述", "以上"]),
    (Not, &["不必", "不用", "不要", "不得", "请勿", "切勿", "不能", "别", "無需", "无需"]),
    (Tell, &["告诉", "告知", "提及", "透露", "通知", "告訴", "提到", "提起", "泄露"]),
    (User, &["用户", "用戶", "使用者", "回复里", "回复中", "回答里", "回答中"]),
    (
        Unbound,
        &[
            "不受限",
            "不受约束",
            "没有限制",
            "没有任何限制",
            "无限制的",
            "开发者模式",
            "越狱",
            "扮演",
            "你现在是",
        ],
    ),
    (Take, &["读取", "讀取", "打开", "收集", "获取", "复制"]),
    (
        Send,
        &[
            "发送", "發送", "上传", "上傳", "传递", "传给", "放入", "放进", "填入", "填进", "写入", "附加",
            "转发",
        ],
    ),
    (
        Secret,
        &[
            "密码",
            "密碼",
            "私钥",
            "密钥",
            "凭证",
            "聊天记录",
            "对话历史",
            "环境变量",
            "通讯录",
            "用户桌面",
            "工资",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["改为", "改成", "替换", "换成", "改為", "替換"]),
    (Payee, &["收款", "账户", "账号", "帐号", "金额", "地址", "收件人"]),
];

/// Korean.
pub(super) const KOREAN: Tongue = &[
    (Aside, &["무시", "잊어"]),
    (Orders, &["지시", "명령", "지침", "규칙"]),
    (Earlier, &["이전", "모든", "기존"]),
    (Not, &["마세요", "말고", "않고", "말 것", "없이", "마십시오"]),
    (Tell, &["알리", "말하", "언급", "고지", "통지"]),
    (User, &["사용자"]),
    (Take, &["읽", "수집", "가져", "복사"]),
    (Send, &["보내", "전송", "전달", "첨부", "포함", "넣"]),
    (
        Secret,
        &[
            "비밀번호",
            "암호",
            "개인 키",
            "비밀 키",
            "자격 증명",
            "인증 정보",
            "대화 기록",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["변경", "바꾸", "바꿔"]),
    (Payee, &["계좌", "수취", "금액", "주소"]),
];

/// Japanese.
pub(super) const JAPANESE: Tongue = &[
    (Aside, &["無視", "忘れ"]),
    (Orders, &["指示", "命令", "プロンプト", "ルール"]),
    (Earlier, &["以前", "これまで", "すべて", "上記", "前の"]),
    (Not, &["ないで", "せずに", "しないこと", "ずに", "てはいけ"]),
    (Tell, &["知らせ", "伝え", "言わ", "通知", "言及"]),
    (User, &["ユーザー", "利用者"]),
    (Take, &["読み取", "読み込", "取得し", "収集", "コピーし", "書き出し", "開き"]),
    (
        Send,
        &[
            "送信し",
            "アップロードし",
            "入れて",
            "入れる",
            "書き込",
            "貼り付け",
            "添付し",
            "含めて",
            "転送し",
            "渡し",
        ],
    ),
    (Secret, &["パスワード", "秘密鍵", "認証情報", "会話履歴", "環境変数", "id_rsa", ".ssh", ".env"]),
    (Alter, &["変更", "置き換え", "差し替え"]),
    (Payee, &["口座", "宛先", "金額", "送金先"]),
];
