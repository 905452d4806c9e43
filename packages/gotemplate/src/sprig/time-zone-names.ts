/**
 * The IANA time zones with their abbreviations since 1970, which `Intl` does not know (it says GMT+1 for CET).
 * Made from the zone files of Go 1.26. Each line: `minutes=abbreviation …|@area/ zone zone @area/ …`; an offset that is not
 * listed is called by its number (`+03`).
 */
export const zoneAbbreviations: readonly string[] = [
  "|@Africa/ Casablanca El_Aaiun @America/ Araguaina Argentina/Buenos_Aires Argentina/Catamarca Argentina/ComodRivadavia " +
    "Argentina/Cordoba Argentina/Jujuy Argentina/La_Rioja Argentina/Mendoza Argentina/Rio_Gallegos Argentina/Salta " +
    "Argentina/San_Juan Argentina/San_Luis Argentina/Tucuman Argentina/Ushuaia Asuncion Bahia Belem Boa_Vista Bogota " +
    "Buenos_Aires Campo_Grande Caracas Catamarca Cayenne Cordoba Coyhaique Cuiaba Eirunepe Fortaleza Godthab Guayaquil " +
    "Guyana Jujuy La_Paz Lima Maceio Manaus Mendoza Montevideo Noronha Nuuk Paramaribo Porto_Acre Porto_Velho Punta_Arenas " +
    "Recife Rio_Branco Rosario Santarem Santiago Sao_Paulo Scoresbysund @Antarctica/ Casey Davis DumontDUrville Mawson " +
    "Palmer Syowa Troll @Asia/ Aden Almaty Anadyr Aqtau Aqtobe Ashgabat Ashkhabad Atyrau Baghdad Bahrain Baku Bangkok " +
    "Barnaul Bishkek Brunei Chita Choibalsan Colombo Dacca Dhaka Dili Dubai Dushanbe Ho_Chi_Minh Hovd Irkutsk Kabul " +
    "Kamchatka Kashgar Kathmandu Katmandu Khandyga Krasnoyarsk Kuala_Lumpur Kuching Kuwait Magadan Muscat Novokuznetsk " +
    "Novosibirsk Omsk Oral Phnom_Penh Qatar Qostanay Qyzylorda Rangoon Riyadh Saigon Sakhalin Samarkand Singapore " +
    "Srednekolymsk Tashkent Tbilisi Tehran Thimbu Thimphu Tomsk Ulaanbaatar Ulan_Bator Urumqi Ust-Nera Vientiane " +
    "Vladivostok Yakutsk Yangon Yekaterinburg Yerevan @Atlantic/ Cape_Verde South_Georgia Stanley @Australia/ Eucla " +
    "@Brazil/ Acre DeNoronha East West @Chile/ Continental EasterIsland @Etc/ GMT+1 GMT+10 GMT+11 GMT+12 GMT+2 GMT+3 GMT+4 " +
    "GMT+5 GMT+6 GMT+7 GMT+8 GMT+9 GMT-1 GMT-10 GMT-11 GMT-12 GMT-13 GMT-14 GMT-2 GMT-3 GMT-4 GMT-5 GMT-6 GMT-7 GMT-8 GMT-9 " +
    "@Europe/ Astrakhan Samara Saratov Ulyanovsk @Indian/ Chagos Christmas Cocos Kerguelen Mahe Maldives Mauritius Reunion " +
    "@ Iran Kwajalein NZ-CHAT @Pacific/ Apia Bougainville Chatham Chuuk Easter Efate Enderbury Fakaofo Fiji Funafuti " +
    "Galapagos Gambier Guadalcanal Kanton Kiritimati Kosrae Kwajalein Majuro Marquesas Nauru Niue Norfolk Noumea Palau " +
    "Pitcairn Pohnpei Ponape Port_Moresby Rarotonga Tahiti Tarawa Tongatapu Truk Wake Wallis Yap @ Singapore",
  "60=CET 120=CEST|@Africa/ Tunis @Arctic/ Longyearbyen @Atlantic/ Jan_Mayen @ CET @Europe/ Amsterdam Andorra Belgrade " +
    "Berlin Bratislava Brussels Budapest Busingen Copenhagen Gibraltar Ljubljana Luxembourg Madrid Malta Monaco Oslo Paris " +
    "Podgorica Prague Rome San_Marino Sarajevo Skopje Stockholm Tirane Vaduz Vatican Vienna Warsaw Zagreb Zurich @ MET " +
    "Poland",
  "0=GMT|@Africa/ Abidjan Accra Bamako Banjul Bissau Conakry Dakar Freetown Lome Monrovia Nouakchott Ouagadougou Timbuktu " +
    "@America/ Danmarkshavn @Atlantic/ Reykjavik St_Helena @Etc/ GMT GMT+0 GMT-0 GMT0 Greenwich @ GMT GMT+0 GMT-0 GMT0 " +
    "Greenwich Iceland",
  "-300=EST -240=EDT|@America/ Detroit Fort_Wayne Grand_Turk Indiana/Indianapolis Indiana/Marengo Indiana/Vevay " +
    "Indianapolis Jamaica Kentucky/Louisville Louisville Montreal Nassau New_York Nipigon Port-au-Prince Thunder_Bay " +
    "Toronto @Canada/ Eastern @ EST5EDT Jamaica @US/ East-Indiana Eastern Michigan",
  "-360=CST -300=CDT|@America/ Belize Chicago Costa_Rica El_Salvador Guatemala Indiana/Knox Knox_IN Managua Matamoros " +
    "Menominee Merida Mexico_City Monterrey Rainy_River Rankin_Inlet Resolute Tegucigalpa Winnipeg @ CST6CDT @Canada/ " +
    "Central @Mexico/ General @US/ Central Indiana-Starke",
  "-240=AST|@America/ Anguilla Antigua Aruba Blanc-Sablon Curacao Dominica Grenada Guadeloupe Kralendijk Lower_Princes " +
    "Marigot Miquelon Montserrat Port_of_Spain Puerto_Rico St_Barthelemy St_Kitts St_Lucia St_Thomas St_Vincent Tortola " +
    "Virgin",
  "120=EET 180=EEST|@Africa/ Cairo @Asia/ Beirut Famagusta Gaza Hebron Nicosia @ EET Egypt @Europe/ Athens Bucharest " +
    "Helsinki Mariehamn Nicosia Sofia",
  "600=AEST 660=AEDT|@Antarctica/ Macquarie @Australia/ ACT Brisbane Canberra Currie Hobart Lindeman Melbourne NSW " +
    "Queensland Sydney Tasmania Victoria",
  "-420=MST -360=MDT|@America/ Boise Denver Edmonton Hermosillo Mazatlan Shiprock Yellowknife @Canada/ Mountain @ MST7MDT " +
    "@Mexico/ BajaSur @ Navajo @US/ Mountain",
  "180=EAT|@Africa/ Addis_Ababa Asmara Asmera Dar_es_Salaam Djibouti Kampala Mogadishu Nairobi @Indian/ Antananarivo " +
    "Comoro Mayotte",
  "60=WAT|@Africa/ Bangui Brazzaville Douala Kinshasa Lagos Libreville Luanda Malabo Niamey Porto-Novo",
  "-480=PST -420=PDT|@America/ Ensenada Los_Angeles Santa_Isabel Tijuana Vancouver @Canada/ Pacific @Mexico/ BajaNorte @ " +
    "PST8PDT @US/ Pacific",
  "480=CST 540=CDT|@Asia/ Chongqing Chungking Harbin Macao Macau Shanghai Taipei @ PRC ROC",
  "-240=AST -180=ADT|@America/ Barbados Glace_Bay Halifax Martinique Moncton Thule @Atlantic/ Bermuda @Canada/ Atlantic",
  "120=CAT|@Africa/ Blantyre Bujumbura Gaborone Harare Kigali Lubumbashi Lusaka Maputo",
  "120=EET 180=EEST 240=MSD|@Europe/ Chisinau Kiev Kyiv Riga Tallinn Tiraspol Uzhgorod Zaporozhye",
  "-360=CST -300=EST -240=EDT|@America/ Cancun Indiana/Petersburg Indiana/Vincennes Indiana/Winamac Iqaluit " +
    "Kentucky/Monticello Pangnirtung",
  "0=GMT 60=BST|@Europe/ Belfast Guernsey Isle_of_Man Jersey London @ GB GB-Eire",
  "0=UTC|@Etc/ UCT UTC Universal Zulu @ UCT Universal Zulu",
  "-420=MST -360=CST -300=CDT|@America/ Bahia_Banderas Chihuahua North_Dakota/Beulah North_Dakota/Center " +
    "North_Dakota/New_Salem Ojinaga",
  "-300=EST|@America/ Atikokan Cayman Coral_Harbour Panama @ EST",
  "120=EET|@Asia/ Amman Damascus Istanbul @Europe/ Istanbul @ Turkey",
  "-420=MST|@America/ Creston Phoenix @ MST @US/ Arizona",
  "-480=PST -420=MST|@America/ Dawson_Creek Fort_Nelson Whitehorse @Canada/ Yukon",
  "-600=HST|HST @Pacific/ Honolulu Johnston @US/ Hawaii",
  "-660=SST|@Pacific/ Midway Pago_Pago Samoa @US/ Samoa",
  "0=WET 60=WEST|@Atlantic/ Canary Faeroe Faroe Madeira",
  "570=ACST 630=ACDT|@Australia/ Adelaide Broken_Hill South Yancowinna",
  "720=NZST 780=NZDT|@Antarctica/ McMurdo South_Pole @ NZ @Pacific/ Auckland",
  "-540=AKST -480=AKDT -420=PDT|@America/ Juneau Metlakatla Sitka",
  "-660=BST -600=HST -540=HDT|@America/ Adak Atka @US/ Aleutian",
  "0=-00|@Antarctica/ Rothera Vostok @ Factory",
  "0=WET 60=WEST 120=CEST|@Europe/ Lisbon @ Portugal WET",
  "120=EET 180=MSK 240=MSK|@Europe/ Moscow Simferopol @ W-SU",
  "120=IST 180=IDT|@Asia/ Jerusalem Tel_Aviv @ Israel",
  "120=SAST|@Africa/ Johannesburg Maseru Mbabane",
  "-210=NST -150=NDT -90=NDDT|@America/ St_Johns @Canada/ Newfoundland",
  "-300=CST -240=CDT|@America/ Havana @ Cuba",
  "-360=CST|@America/ Regina @Canada/ Saskatchewan",
  "-600=AHST -540=AKST -480=AKDT|@America/ Anchorage @US/ Alaska",
  "0=GMT 60=IST|Eire @Europe/ Dublin",
  "0=WET 60=CET 120=CEST|@Africa/ Algiers Ceuta",
  "120=CAT 180=EAT|@Africa/ Juba Khartoum",
  "120=EET 240=MSD|@Europe/ Kaliningrad Minsk",
  "330=IST|@Asia/ Calcutta Kolkata",
  "480=AWST 540=AWDT|@Australia/ Perth West",
  "480=HKT 540=HKST|@Asia/ Hong_Kong @ Hongkong",
  "480=WITA|@Asia/ Makassar Ujung_Pandang",
  "540=JST|@Asia/ Tokyo @ Japan",
  "540=KST 600=KDT|@Asia/ Seoul @ ROK",
  "570=ACST|@Australia/ Darwin North",
  "600=AEST|@Australia/ LHI Lord_Howe",
  "600=ChST 660=GDT|@Pacific/ Guam Saipan",
  "60=CET 120=EET|@Africa/ Tripoli @ Libya",
  "-240=AST -180=ADT -120=ADDT|@America/ Goose_Bay",
  "-300=EST -240=AST|@America/ Santo_Domingo",
  "-360=CST -300=CDT -240=EDT|@America/ Indiana/Tell_City",
  "-420=MST -360=CST|@America/ Swift_Current",
  "-420=MST -360=MDT -300=CDT|@America/ Ciudad_Juarez",
  "-420=MST -360=MDT -300=EST|@America/ Cambridge_Bay",
  "-480=PST -420=MST -360=MDT|@America/ Inuvik",
  "-540=AKST -480=AKDT|@America/ Yakutat",
  "-540=YST -480=PST -420=MST|@America/ Dawson",
  "-660=BST -600=BDT -540=AKST -480=AKDT|@America/ Nome",
  "0=GMT 60=WAT|@Africa/ Sao_Tome",
  "180=MSK|@Europe/ Volgograd",
  "180=MSK 240=MSK|@Europe/ Kirov",
  "300=PKT 360=PKST|@Asia/ Karachi",
  "420=WIB|@Asia/ Jakarta",
  "420=WIB 480=WITA|@Asia/ Pontianak",
  "480=PST 540=PDT|@Asia/ Manila",
  "510=KST 540=KST|@Asia/ Pyongyang",
  "540=WIT|@Asia/ Jayapura",
  "60=CET 120=EET 180=EEST 240=MSD|@Europe/ Vilnius",
  "60=WAT 120=CAT|@Africa/ Windhoek",
  "60=WAT 120=WAST|@Africa/ Ndjamena",
  "60=WEST|@Atlantic/ Azores",
];
