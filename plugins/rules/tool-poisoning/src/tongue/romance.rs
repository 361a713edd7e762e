//! Stems of the Romance languages.

use super::{
    Idea::{Alter, Aside, Earlier, Not, Orders, Payee, Secret, Send, Take, Tell, User},
    Tongue,
};

/// Spanish.
pub(super) const SPANISH: Tongue = &[
    (
        Aside,
        &[
            "ignora",
            "ignore",
            "olvida",
            "omite",
            "descarta",
            "sin efecto",
            "anulad",
            "ya no valen",
            "ya no aplic",
        ],
    ),
    (Orders, &["instrucci", "directriz", "directrices", "reglas", "indicaciones", "normas"]),
    (Earlier, &["anterior", "previa", "todas ", "tus ", "sus "]),
    (Not, &["no ", "sin ", "nunca", "ocult"]),
    (
        Tell,
        &[
            "digas",
            "diga ",
            "mencione",
            "mencionar",
            "menciona ",
            "inform",
            "avis",
            "revel",
            "notifi",
            "ocult",
            "sepa",
            "saber",
        ],
    ),
    (User, &["usuari", "cliente"]),
    (Take, &["lee ", "leer", "lea ", "abre ", "recopil", "obten", "extra", "copia"]),
    (
        Send,
        &[
            "envia", "envie", "envi", "manda", "transmit", "reenvi", "sube ", "subir", "incluy", "pasa ",
            "coloc", "adjunt", "inserta", "anad", "pega ", "copia",
        ],
    ),
    (
        Secret,
        &[
            "contrasen",
            "credencial",
            "clave",
            "secret",
            "historial de la conversacion",
            "historial del chat",
            "variables de entorno",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["cambi", "reemplaz", "sustitu"]),
    (Payee, &["cuenta", "destinatari", "importe", "beneficiari", "direccion"]),
];

/// French.
pub(super) const FRENCH: Tongue = &[
    (
        Aside,
        &["ignor", "oubli", "neglig", "contourn", "caduc", "annul", "ne s'appliquent plus", "ne valent plus"],
    ),
    (Orders, &["instruction", "consigne", "directive", "regles"]),
    (Earlier, &["precedent", "anterieur", "toutes ", "tous ", "tes ", "vos "]),
    (Not, &["ne ", "n'", "sans ", "jamais", "secret"]),
    (Tell, &["dis ", "dites", "mentionn", "inform", "avert", "revel", "preven", "signal", "garde le"]),
    (User, &["utilisat", "client"]),
    (Take, &["lis ", "lisez", "lire", "ouvr", "recuper", "collect", "extra", "copi"]),
    (
        Send,
        &[
            "envo", "transmet", "transmis", "transfer", "joign", "televers", "inclu", "passez", "recopi",
            "fourni", "ajout", "coll", "inser", "copi",
        ],
    ),
    (
        Secret,
        &[
            "mots de passe",
            "mot de passe",
            "identifiants de connexion",
            "cles secretes",
            "cle privee",
            "cles privees",
            "cles api",
            "cle api",
            "historique de la conversation",
            "variables d'environnement",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["remplac", "modifi", "chang"]),
    (Payee, &["compte", "beneficiaire", "destinataire", "montant", "adresse"]),
];

/// Portuguese.
pub(super) const PORTUGUESE: Tongue = &[
    (Aside, &["ignore", "ignora", "esquec", "desconsider", "sem efeito", "anulad", "nao valem mais"]),
    (Orders, &["instruc", "diretriz", "regras", "orientac"]),
    (Earlier, &["anterior", "previa", "todas ", "suas "]),
    (Not, &["nao ", "sem ", "nunca"]),
    (Tell, &["diga", "conte ", "mencione", "mencionar", "menciona ", "inform", "avis", "revel"]),
    (User, &["usuari", "utilizador", "cliente"]),
    (Take, &["leia", "ler ", "abra ", "colet", "copi", "obtenh"]),
    (Send, &["envi", "mande", "transmit", "encaminh", "inclu", "coloque", "anex", "insira", "cole ", "copi"]),
    (
        Secret,
        &[
            "senha",
            "credenciais",
            "chave privada",
            "chaves",
            "segred",
            "historico da conversa",
            "variaveis de ambiente",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["substitu", "alter", "troqu", "troca"]),
    (Payee, &["conta", "destinatari", "beneficiari", "valor", "endereco"]),
];

/// Italian.
pub(super) const ITALIAN: Tongue = &[
    (Aside, &["ignora", "dimentica", "trascura", "annullat", "non valgono", "decadut"]),
    (Orders, &["istruzion", "direttiv", "regole", "indicazion"]),
    (Earlier, &["precedent", "tutte ", "tue "]),
    (Not, &["non ", "senza ", "mai "]),
    (Tell, &["dire ", "dirlo", "menzion", "inform", "avvis", "rivel"]),
    (User, &["utente", "utenti", "cliente"]),
    (Take, &["leggi", "leggere", "apri ", "raccog", "copia"]),
    (
        Send,
        &[
            "invia", "inviare", "trasmett", "inoltr", "includ", "passa ", "inserisc", "inserir", "allega",
            "copia",
        ],
    ),
    (
        Secret,
        &[
            "password",
            "credenzial",
            "chiavi",
            "chiave privata",
            "segret",
            "cronologia della conversazione",
            "variabili d'ambiente",
            "id_rsa",
            ".ssh",
            ".env",
        ],
    ),
    (Alter, &["sostitu", "cambi", "modific"]),
    (Payee, &["conto", "destinatari", "beneficiari", "importo", "indirizzo"]),
];
