"""The formulas of a note verbale in each language, as the protocol of ministries of foreign affairs has them.

They are no translations of one another: each language has its own courtesy. A sender whose name tells its gender is
named with its article; any other is introduced as the requesting authority, which is right for every name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.foundation.text import fold


@dataclass(frozen=True)
class Formulas:
    """What is said in one language. `articles` are by the first word of a sender's name.

    `opening` has %(sender)s, %(ref)s and %(day)s in it; `asks` %(count)s; `closing` %(sender)s.
    """

    title: str
    number: str
    place: str
    subject: str
    authority: str
    articles: Mapping[str, str]
    opening: str
    problem: str
    objectives: str
    asks: str
    asks_one: str
    dates: str
    budget: str
    contact: str
    offers: str
    closing: str
    seal: str
    copy: str
    signature: tuple[str, ...]


_EN = Formulas(
    title="Note verbale",
    number="No.",
    place="Place and date",
    subject="Request for assistance",
    authority="The requesting authority, %(name)s,",
    articles=dict.fromkeys(
        ("ministry", "office", "department", "directorate", "permanent", "embassy", "national", "police", "commission"),
        "The ",
    ),
    opening=(
        "%(sender)s presents its compliments to the Permanent Missions, Embassies and international organisations to "
        "which this note is addressed and has the honour to bring to their attention the following request for "
        "assistance, registered on Counterpart under the reference %(ref)s on %(day)s."
    ),
    problem="The situation that gives rise to this request is as follows:",
    objectives="With this assistance it is intended to achieve the following:",
    asks="The assistance requested consists of the following %(count)s items:",
    asks_one="The assistance requested consists of the following item:",
    dates="Period of the assistance",
    budget="Indicative budget",
    contact="Contact",
    offers="Offers are requested by",
    closing=(
        "%(sender)s avails itself of this opportunity to renew to the Permanent Missions, Embassies and international "
        "organisations the assurances of its highest consideration."
    ),
    seal="Seal",
    copy="Copy for information. It bears no seal and no signature.",
    signature=("Place and date", "Initials"),
)
_FR = Formulas(
    title="Note verbale",
    number="N°",
    place="Lieu et date",
    subject="Demande d’assistance",
    authority="L’autorité requérante, %(name)s,",
    articles={
        "ministere": "Le ",
        "bureau": "Le ",
        "secretariat": "Le ",
        "service": "Le ",
        "parquet": "Le ",
        "centre": "Le ",
        "direction": "La ",
        "mission": "La ",
        "commission": "La ",
        "police": "La ",
        "gendarmerie": "La ",
        "cellule": "La ",
        "cour": "La ",
        "ambassade": "L’",
        "office": "L’",
        "autorite": "L’",
        "agence": "L’",
        "inspection": "L’",
    },
    opening=(
        "%(sender)s présente ses compliments aux Missions permanentes, aux Ambassades et aux organisations "
        "internationales destinataires de la présente note et a l’honneur de porter à leur connaissance la demande "
        "d’assistance ci-après, enregistrée sur Counterpart sous la référence %(ref)s le %(day)s."
    ),
    problem="La situation qui motive cette demande est la suivante :",
    objectives="L’assistance sollicitée doit permettre d’atteindre les objectifs suivants :",
    asks="L’assistance sollicitée comprend les %(count)s éléments suivants :",
    asks_one="L’assistance sollicitée comprend l’élément suivant :",
    dates="Période de l’assistance",
    budget="Budget indicatif",
    contact="Point de contact",
    offers="Offres attendues avant le",
    closing=(
        "%(sender)s saisit cette occasion pour renouveler aux Missions permanentes, aux Ambassades et aux "
        "organisations internationales les assurances de sa très haute considération."
    ),
    seal="Sceau",
    copy="Copie pour information, sans sceau ni signature.",
    signature=("Lieu et date", "Paraphe"),
)
_ES = Formulas(
    title="Nota verbal",
    number="N.º",
    place="Lugar y fecha",
    subject="Solicitud de asistencia",
    authority="La autoridad solicitante, %(name)s,",
    articles={
        "ministerio": "El ",
        "departamento": "El ",
        "instituto": "El ",
        "consejo": "El ",
        "centro": "El ",
        "secretaria": "La ",
        "direccion": "La ",
        "mision": "La ",
        "comision": "La ",
        "policia": "La ",
        "fiscalia": "La ",
        "embajada": "La ",
        "procuraduria": "La ",
        "oficina": "La ",
        "unidad": "La ",
        "corte": "La ",
    },
    opening=(
        "%(sender)s saluda muy atentamente a las Misiones Permanentes, Embajadas y organizaciones internacionales "
        "destinatarias de la presente nota y tiene el honor de poner en su conocimiento la siguiente solicitud de "
        "asistencia, registrada en Counterpart con la referencia %(ref)s el %(day)s."
    ),
    problem="La situación que motiva esta solicitud es la siguiente:",
    objectives="Con esta asistencia se pretende alcanzar los objetivos siguientes:",
    asks="La asistencia solicitada comprende los %(count)s elementos siguientes:",
    asks_one="La asistencia solicitada comprende el elemento siguiente:",
    dates="Período de la asistencia",
    budget="Presupuesto indicativo",
    contact="Persona de contacto",
    offers="Se esperan ofertas hasta el",
    closing=(
        "%(sender)s aprovecha la oportunidad para reiterar a las Misiones Permanentes, Embajadas y organizaciones "
        "internacionales las seguridades de su más alta y distinguida consideración."
    ),
    seal="Sello",
    copy="Copia para información, sin sello ni firma.",
    signature=("Lugar y fecha", "Rúbrica"),
)
_PT = Formulas(
    title="Nota verbal",
    number="N.º",
    place="Local e data",
    subject="Pedido de assistência",
    authority="A autoridade requerente, %(name)s,",
    articles={
        "ministerio": "O ",
        "departamento": "O ",
        "gabinete": "O ",
        "instituto": "O ",
        "centro": "O ",
        "conselho": "O ",
        "secretaria": "A ",
        "direcao": "A ",
        "missao": "A ",
        "comissao": "A ",
        "policia": "A ",
        "procuradoria": "A ",
        "embaixada": "A ",
        "unidade": "A ",
        "autoridade": "A ",
    },
    opening=(
        "%(sender)s apresenta os seus cumprimentos às Missões Permanentes, Embaixadas e organizações internacionais "
        "destinatárias da presente nota e tem a honra de levar ao seu conhecimento o seguinte pedido de assistência, "
        "registado no Counterpart com a referência %(ref)s em %(day)s."
    ),
    problem="A situação que motiva este pedido é a seguinte:",
    objectives="Com esta assistência pretende-se alcançar os objetivos seguintes:",
    asks="A assistência solicitada compreende os %(count)s elementos seguintes:",
    asks_one="A assistência solicitada compreende o elemento seguinte:",
    dates="Período da assistência",
    budget="Orçamento indicativo",
    contact="Ponto de contacto",
    offers="Esperam-se propostas até",
    closing=(
        "%(sender)s aproveita a oportunidade para reiterar às Missões Permanentes, Embaixadas e organizações "
        "internacionais os protestos da sua mais elevada consideração."
    ),
    seal="Selo",
    copy="Cópia para informação, sem selo nem assinatura.",
    signature=("Local e data", "Rubrica"),
)
_AR = Formulas(
    title="مذكرة شفوية",
    number="رقم",
    place="المكان والتاريخ",
    subject="طلب مساعدة",
    authority="السلطة الطالبة، %(name)s،",
    # In Arabic the verb comes first and would change with the sender: every sender is a “side”, which is feminine.
    articles={"وزارة": "", "بعثة": "", "سفارة": "", "هيئة": "", "مديرية": "", "لجنة": "", "شرطة": "", "نيابة": ""},
    opening=(
        "تُهدي %(sender)s أطيب تحياتها إلى البعثات الدائمة والسفارات والمنظمات الدولية الموجَّهة إليها هذه المذكرة، "
        "وتتشرف بأن تحيطها علماً بطلب المساعدة التالي، المسجَّل في Counterpart تحت المرجع %(ref)s بتاريخ %(day)s."
    ),
    problem="فيما يلي بيان الوضع الذي دعا إلى تقديم هذا الطلب:",
    objectives="والغاية من هذه المساعدة بلوغ الأهداف التالية:",
    asks="وتشمل المساعدة المطلوبة البنود التالية (عددها %(count)s):",
    asks_one="وتشمل المساعدة المطلوبة البند التالي:",
    dates="فترة المساعدة",
    budget="الميزانية التقديرية",
    contact="جهة الاتصال",
    offers="تُقدَّم العروض قبل",
    closing=(
        "وتغتنم %(sender)s هذه المناسبة لتعرب مجدداً للبعثات الدائمة والسفارات والمنظمات الدولية عن فائق تقديرها "
        "واحترامها."
    ),
    seal="الختم",
    copy="نسخة للعلم، لا تحمل ختماً ولا توقيعاً.",
    signature=("المكان والتاريخ", "التوقيع بالأحرف الأولى"),
)

FORMULAS: Mapping[str, Formulas] = {"en": _EN, "fr": _FR, "es": _ES, "pt": _PT, "ar": _AR}


def sender_of(name: str, formulas: Formulas) -> str:
    """How a sender is named at the beginning of a sentence."""
    articles = {fold(word): article for word, article in formulas.articles.items()}
    article = articles.get(fold(name).split(" ", 1)[0])
    return formulas.authority % {"name": name} if article is None else article + name
