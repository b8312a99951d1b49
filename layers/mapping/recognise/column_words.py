"""What columns are called in other languages, beside what our contracts say themselves.

A word stands here as people write it; comparing takes its accents and its case. Columns of free
text, that may tell of a person, are not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from roxham.geo.written.headers import plain_header

__all__ = ["CHOICE_WORDS", "COLUMN_WORDS", "other_unit"]


def _words(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain_header(word) for text in texts for word in text.split(",")))


_WHEN = _words(
    "when,date,date of event,on date,dato,datum,dátum,kuupäev,aeg,päivämäärä,pvm,dzień,data,datums",
    "ημερομηνία,tarih,дата,время,hendelsesdato,händelsedatum,tapahtumapäivä,fecha,日期,तारीख",
)
_CALLED = _words(
    "where,location,koht,nimi,paik,paikka,sted,stad,stedsnavn,stadnamn,ort,ortsname,plats,namn,navn,miejsce,nazwa",
    "miejscowość,místo,název,miesto,názov,hely,név,helység,loc,localitate,nume,yer,ad,isim,plaats",
    "τοποθεσία,όνομα,място,име,место,название,місце,назва,naziv,ime,mjesto,vieta,nosaukums",
    "pavadinimas,naam,lugar,nombre,localidad,nome,lieu,nom,localité,luogo,località,site,place",
    "地点,名称,स्थान,नाम,town,city,village,settlement,ville,ciudad,pueblo,cidade,città,stadt,by,linn",
    "asula,kaupunki,kylä,miasto,město,város,oraș,şehir,πόλη,град,город,місто,grad,pilsēta,miestas",
)
_POST = _words(
    "border post,border point,customs post,checkpoint,crossing point,gate,paso,paso fronterizo",
    "puesto fronterizo,posto,posto de fronteira,passagem,passagem de fronteira,poste frontière",
    "poste frontalier,point de passage,valico,valico di frontiera,grenzübergang,grensovergang",
    "grenseovergang,gränsövergång,grænseovergang,grensestasjon,tollstasjon,rajanylityspaikka",
    "raja-asema,piiripunkt,przejście,przejście graniczne,hraniční přechod,hraničný priechod",
    "határátkelő,határátkelőhely,punct de trecere,vama,sınır kapısı,σημείο διέλευσης,гкпп",
    "граничен пункт,пункт пропуска,пункт пропуску,гранични прелаз,granični prijelaz,mejni prehod",
    "robežpunkts,pasienio punktas",
)
_OPENED = _words(
    "opened,opened on,opened in,open since,opening,opening date,date opened,date of opening",
    "ouvert le,ouverture,date d'ouverture,abierto,abierto desde,apertura,fecha de apertura",
    "data di apertura,aberto em,abertura,data de abertura,eröffnet,eröffnet am,eröffnung,geopend",
    "geopend op,åpnet,åpna,opna,öppnad,öppnades,åbnet,avattu,avatud,avamine,otwarte,otwarto",
    "data otwarcia,otevřeno,otvorené,megnyitva,megnyitás,deschis,data deschiderii,açılış",
    "açılış tarihi,άνοιγμα,открит,открит на,открыт,дата открытия,відкрито,otvoren,atvērts",
    "atidarytas",
)
_CLOSED = _words(
    "closed,closed on,closed since,closing,closing date,date closed,date of closure,closure",
    "fermé le,fermeture,date de fermeture,cerrado,cerrado desde,cierre,fecha de cierre,chiuso",
    "chiusura,fechado em,fechamento,encerramento,geschlossen,geschlossen seit,schließung,gesloten",
    "stengt,lagt ned,stängd,lukket,suljettu,suletud,sulgemine,zamknięte,zamknięto,data zamknięcia",
    "zavřeno,uzavřeno,bezárva,închis,kapanış,kapanış tarihi,κλείσιμο,закрит,закрыт,дата закрытия",
    "закрито,zatvoren,slēgts,uždarytas",
)
_KIND = _words(
    "type,kind,category,class,typ,tipo,art,kategorie,catégorie,categoría,categoria,tyyppi,laji,liik",
    "tüüp,slag,slags,rodzaj,druh,típus,tip,tür,τύπος,вид,тип,vrsta,veids,tipas,soort,প্রকার,類型,प्रकार",
)
_STATUS = _words(
    "status,state,statut,estado,stato,zustand,tila,staatus,olek,stan,stav,állapot,stare,durum",
    "κατάσταση,статус,състояние,состояние,стан,stanje,statuss,būklė",
)
_RADIUS = _words(
    "radius,uncertainty,location uncertainty,positional uncertainty,accuracy,error,incertitude",
    "rayon,incertidumbre,radio,incerteza,raio,incertezza,raggio,unsicherheit,genauigkeit,umkreis",
    "onzekerheid,straal,usikkerhet,uvisse,osäkerhet,usikkerhed,epävarmuus,epätarkkuus,säde,raadius",
    "ebatäpsus,täpsus,niepewność,promień,nejistota,poloměr,sugár,bizonytalanság,rază,incertitudine",
    "yarıçap,belirsizlik,ακτίνα,радиус,неопределеност,погрешность,радіус,похибка,rādiuss,spindulys",
    "نصف القطر,dokładność",
)
_AREA = _words(
    "district,county,municipality,province,state,region,governorate,prefecture,commune,departamento",
    "distrito,município,provincia,comuna,commune,arrondissement,district,bezirk,kreis,landkreis",
    "gemeente,provincie,fylke,kommune,län,kommun,maakunta,kunta,alue,maakond,vald,piirkond",
    "województwo,powiat,gmina,kraj,okres,megye,járás,județ,comună,il,ilçe,bölge,νομός,περιφέρεια",
    "област,община,район,регион,область,громада,županija,općina,novads,apskritis,savivaldybė,ज़िला",
)
_DEATHS = _words(
    "died,dead,deaths,décès,morts,muertos,fallecidos,mortos,óbitos,morti,decessi,tote,todesopfer",
    "doden,døde,omkomne,döda,omkomna,kuolleet,hukkunud,surnud,zabici,zgony,mrtví,halottak,decese",
    "morți,ölü,ölüler,νεκροί,загинали,погибшие,умершие,загиблі,poginuli,bojāgājušie,žuvę",
    "الوفيات,عدد الوفيات,القتلى,عدد القتلى,ofiary śmiertelne",
)
_INJURED = _words(
    "injured,hurt,wounded,blessés,heridos,lesionados,feridos,feriti,verletzte,gewonden,skadde",
    "skadede,skadade,loukkaantuneet,vigastatud,ranni,zranění,sebesültek,răniți,yaralı,τραυματίες",
    "ранени,раненые,пострадавшие,поранені,ranjeni,ievainotie,sužeisti,الجرحى,عدد الجرحى,المصابون",
)
_MISSING = _words(
    "missing,disparus,desaparecidos,dispersi,vermisste,vermist,savnede,savnet,saknade,kadonneet",
    "kadunud,zaginieni,nezvěstní,eltűntek,dispăruți,kayıp,αγνοούμενοι,изчезнали,пропавшие,зниклі",
    "nestali,pazudušie,dingę,المفقودون,عدد المفقودين",
)
_COUNT = _words(
    "persons,people,count,number,lukumäärä,määrä,arv,hulk,juhtumid,antal,antall,tal,aantal,liczba",
    "počet,szám,esetszám,număr,sayı,αριθμός,количество,число,кількість,broj,skaits,skaičius,인원,人数",
)
_PERIOD = _words(
    "when,aeg,kuu,aasta,kuukausi,vuosi,måned,månad,år,miesiąc,rok,měsíc,hónap,év,lună,yıl,dönem",
    "μήνας,έτος,рік,місяць,maand,jaar,mjesec,godina,mēnesis,gads,mėnuo,metai,ajanjakso,ajavahemik",
)
_SOURCE = _words(
    "allikas,lähde,kilde,kjelde,källa,źródło,zdroj,forrás,sursă,kaynak,πηγή,източник,источник,джерело",
    "izvor,avots,šaltinis,bron,fonte,fuente,quelle",
)
COLUMN_WORDS: Mapping[str, tuple[str, ...]] = {
    "date": _WHEN,
    "period": (*_WHEN, *_PERIOD),
    "name": (*_POST, *_CALLED),
    "place_name": _CALLED,
    "place": (*_POST, *_CALLED),
    "opened": _OPENED,
    "closed": _CLOSED,
    "kind": _KIND,
    "status": _STATUS,
    "radius_m": _RADIUS,
    "coord_precision_m": _RADIUS,
    "area": _AREA,
    "admin_area": _AREA,
    "deaths": _DEATHS,
    "injured": _INJURED,
    "missing": _MISSING,
    "count": _COUNT,
    "source_title": _SOURCE,
    "source_url": _SOURCE,
}
"""Words by the column of ours that they mean."""
_OPEN = _words(
    "open,abierto,abierta,ouvert,ouverte,aberto,aperto,offen,geöffnet,geopend,åpen,open,öppen,åben",
    "auki,avoinna,avatud,otwarte,czynne,otevřeno,otvorené,nyitva,deschis,açık,ανοιχτό,отворен",
    "открит,открыт,действует,відкрито,otvoren,odprt,atvērts,atidarytas",
)
_SHUT = _words(
    "closed,cerrado,cerrada,fermé,fermée,fechado,encerrado,chiuso,geschlossen,gesloten,stengt",
    "stängd,lukket,suljettu,suletud,zamknięte,nieczynne,zavřeno,zatvorené,zárva,închis,kapalı",
    "κλειστό,затворен,закрыт,закрит,закрито,zatvoren,zaprt,slēgts,uždarytas",
)
CHOICE_WORDS: Mapping[str, Mapping[str, str]] = {
    "status": {**dict.fromkeys(_OPEN, "open"), **dict.fromkeys(_SHUT, "closed")},
}
"""Choices of a column of ours by the words that mean them."""
NOT_METRES = re.compile(
    r"(?<![^\W_])(km|kilomet\w*|mi|miles?|ft|feet|foot|yds?|yards?|nm|км|χλμ)(?![^\W_])",
    re.IGNORECASE,
)


def other_unit(header: str) -> str | None:
    """Return the unit that a header states, if it is a length and not metres.

    Examples
    --------
    >>> other_unit("Radius (km)"), other_unit("uncertainty_mi"), other_unit("Rayon (m)")
    ('km', 'mi', None)
    """
    found = NOT_METRES.search(header)
    return None if found is None else found[1]
