"""What columns of personal data are called: English, French, Spanish, German, Portuguese, more.

Names are plain: small letters without accents, ``_`` between words. A name is told by the
whole of it (``WHOLE``), or by a word that says the same wherever it stands in it (``PART``).
Italian and Arabic stand beside the others. Some words have two meanings (``direccion`` is an
address and a direction): what is no person's can be kept by its name.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["OTHERS", "PART", "WHOLE"]

WHOLE: Mapping[str, str] = {
    "a name": (
        r"((first|last|full|given|family|middle|maiden|victims?|person|migrants?|deceased"
        r"|claimants?|officer|agent|driver|suspect)_?names?|names?|surname|forename|victims?"
        r"|deceased|decedent(_name)?|alias|nicknames?|initials|[fl]name|given|identity"
        r"|nom|prenom|nom_(complet|de_famille)|noms?_(de_la_|des_)?victimes?|victimes?"
        r"|(sur|pre)?noms?_(du_|de_la_|des_)?(migrante?|personne|decedee?|passeur)s?|surnoms?"
        r"|initiales|patronymes?|identites?"
        r"|nombres?|apellidos?|nombre_completo|nombres?_y_apellidos?|nombre_(de_la_)?victima"
        r"|victimas?|fallecid[oa]s?|difunt[oa]s?"
        r"|vornamen?|nachnamen?|familiennamen?|namen|vor_und_nachname|opfer|verstorbener?"
        r"|nomes?|sobrenomes?|apelidos?|nome_completo|nome_d[ao]_vitima|vitimas?|falecid[oa]s?"
        r"|cognom[ei]|nomi|nominativo|nome_e_cognome|vittim[ae]|decedut[oaie]"
        r"|(ال)?اسم(_(ال)?(كامل|اول|عائله|ضحيه|متوفي))?|(ال)?لقب|(ال)?ضح(يه|ايا)|(ال)?متوفي)"
    ),
    "an age": r"eta|alter(_(in_)?jahren?)?|years_old|born(_on)?|nee?_le|(ال)?(عمر|سن)",
    "the number of a case": r"iuc|ppt|vin|client_(id|no|number)|no_client|file_(no|number)|badge",
    "a way to reach someone": r"cell|cellulaire|fax|ig|insta|instagram|twitter|handle|contacts?",
    "a home": r"direccion(_(postal|particular|del_domicilio))?|(ال)?عنوان(_.*)?",
}
"""What a column holds, by the whole of its name."""

PART: Mapping[str, str] = {
    "an age": (
        r"age|ages|aged|dob|yob|ddn|fdn|naiss|birth|birthday|birthdate|naissance|edad|edades|nacimiento"
        r"|geburtsdatum|geburtstag|geburtsjahr|idade|nascimento|nascita"
        r"|(ال)?ميلاد|(ال)?ولاده"
    ),
    "a home": (
        r"home|homes|zip|zipcode|address|addresses|adresse|adresses|adressen|domicile|residence|hometown"
        r"|birthplace|postcode|postal_code|code_postal|domicilio|residencia|codigo_postal"
        r"|anschrift|wohnort|wohnsitz|wohnadresse|heimatort|geburtsort|postleitzahl|plz"
        r"|endereco|morada|cep|naturalidade|indirizzo|residenza|(ال)?سكن|(ال)?مسكن"
        r"|مكان_الاقامه|(ال)?رمز_البريدي"
    ),
    "the number of a case": (
        r"(case|dossier|passport|passeport|uci|alien|visa|nas|ssn)_?(no|num|number|numero|id|nr)"
        r"|(no|num|number|numero)_(of_|de_|du_)?(case|dossier|expediente)|travel_doc(ument)?"
        r"|(licen[cs]e_)?plates?_?(no|number)?|plaques?|immatriculation"
        r"|passport|passeport|a_number|expediente|pasaporte|cedula|dni|curp|aktenzeichen"
        r"|reisepass|passnummer|ausweisnummer|passaporte|cpf|passaporto|codice_fiscale"
        r"|(ال)?جواز(_السفر)?|رقم_(الجواز|الهويه|القضيه|الملف)"
    ),
    "a way to reach someone": (
        r"phone|telephone|tel|mobile|mail|contact_(no|number|info|details)|email|e_mail|courriel|facebook|whatsapp|social|telefono"
        r"|correo|correo_electronico|movil|celular|telefon|telefonnummer|handy|handynummer"
        r"|telefone|telemovel|cellulare|posta_elettronica|(ال)?هاتف|(ال)?جوال|واتساب"
        r"|(ال)?بريد_الالكتروني"
    ),
    "what a person is": (
        r"sex|sexe|pregnant|pregnancy|enceinte|embarazada|gender|genre|ethnicity|ethnie|race|religion|nationality|nationalite"
        r"|citizenship|citoyennete|sexo|genero|nacionalidad|ciudadania|etnia|raza|geschlecht"
        r"|nationalitat|staatsangehorigkeit|staatsburgerschaft|nacionalidade|cidadania|raca"
        r"|religiao|sesso|genere|nazionalita|cittadinanza|religione"
        r"|(ال)?جنس|(ال)?جنسيه|(ال)?ديانه"
    ),
}
"""The same by words that stand anywhere in it."""

OTHERS: Mapping[str, str] = {
    "a name": (
        "imię imiona nazwisko imię_i_nazwisko adı soyad soyadı ad_soyad adı_soyadı isim nume "
        "prenume nume_si_prenume ime prezime ime_i_prezime jméno příjmení név vezetéknév όνομα "
        "επώνυμο ονοματεπώνυμο ім'я прізвище піб имя фамилия фио име презиме نام نام_خانوادگی"
    ),
    "an age": (
        "wiek data_urodzenia rok_urodzenia yaş yaşı doğum_tarihi vârsta data_nașterii starost věk "
        "életkor ηλικία ημερομηνία_γέννησης вік дата_народження возраст дата_рождения възраст "
        "年齢 年龄 나이"
    ),
    "a home": (
        "adres adres_zamieszkania miejsce_zamieszkania adresi adresă adresa bydliště lakcím "
        "διεύθυνση адреса адрес آدرس نشانی"
    ),
    "the number of a case": ("pesel numer_sprawy kimlik_no cnp διαβατήριο паспорт егн گذرنامه"),
    "a way to reach someone": "τηλέφωνο телефон تلفن",
    "what a person is": (
        "płeć obywatelstwo narodowość cinsiyet uyruk uyruğu cetățenie naționalitate državljanstvo "
        "φύλο ιθαγένεια υπηκοότητα εθνικότητα стать громадянство національність пол гражданство "
        "национальность националност جنسیت ملیت"
    ),
}
"""The whole of names in Polish, Turkish, Romanian, Serbian, Czech, Hungarian, Greek, Ukrainian,
Russian, Bulgarian and Persian, as they are written."""
