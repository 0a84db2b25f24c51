package linkagesim

import "limen/travel"

// culture is a country's way of naming. Lists are in the order of how common a
// name is; in a tail, any stem goes with any ending.
type culture struct {
	code   travel.Country
	weight int // of its travelers
	// flat is how evenly the common surnames are borne: the k-th by a share as
	// 1/(k+flat), from 0; 0 is usual.
	flat int
	// surnames, female and male are common names; a name is one of its tail
	// instead, with the share that stands before the stems.
	surnames, female, male            string
	surnameTail, femaleTail, maleTail tail
	double                            float64 // share of people with two given names
	two                               float64 // share with two surnames
	particle                          string  // before some surnames
	newYear                           float64 // share whose date of birth is put down as January 1
	spellings                         [][2]string
}

// tail makes rarer names.
type tail struct {
	share                   float64
	stems, middles, endings string // three names in four have a middle, if there are any
}

var western = [][2]string{{"ä", "a"}, {"ö", "o"}, {"ü", "u"}, {"ß", "s"}, {"ø", "o"}, {"å", "a"}, {"æ", "a"}, {"ph", "f"}, {"tt", "t"}, {"ll", "l"}, {"y", "i"}, {"ck", "k"}, {"nn", "n"}, {"c", "k"}, {"th", "t"}}

// Rarer given names that many countries share, spelled as the common form of
// them is.
const (
	rareFemale = "Adele|Agatha|Alexandra|Alice|Amalia|Angelina|Antonia|Arabella|Astrid|Augusta|Aurora|Barbara|Beatrice|Bella|Bernadette|Bianca|Caroline|Cecilia|Celeste|Clara|Constance|Cornelia|Dagmar|Daphne|Deborah|Delia|Diana|Dominica|Dorothea|Edith|Eloise|Elvira|Erica|Esmeralda|Esther|Eugenia|Eva|Felicia|Flora|Frances|Frida|Gloria|Greta|Gwendolen|Harriet|Helena|Henrietta|Hilda|Ida|Ingeborg|Irene|Iris|Isadora|Ivy|Jacqueline|Jana|Josephine|Judith|Lara|Leonora|Lilian|Linda|Livia|Lorena|Louise|Lucrezia|Lydia|Mabel|Magdalena|Marcella|Marina|Martha|Matilda|Melina|Mercedes|Mirabel|Miriam|Nadine|Nina|Nora|Odette|Olga|Ottilia|Pamela|Paula|Penelope|Philomena|Ramona|Regina|Renata|Rosalind|Ruth|Salome|Selma|Serena|Sibylla|Simone|Solveig|Tabitha|Theresa|Ursula|Valeria|Vera|Viola|Virginia|Wanda|Winifred|Xenia|Yvonne|Zelda"
	rareMale   = "Abel|Abraham|Adrian|Albert|Alfred|Alistair|Ambrose|Anselm|Anton|Archibald|Armand|Arnold|Arthur|Augustin|Aurelio|Axel|Balthasar|Barnaby|Bartholomew|Basil|Bertram|Boris|Bruno|Caspar|Cedric|Clemens|Conrad|Constantin|Cornelius|Cyril|Damian|Dennis|Dominic|Donald|Douglas|Edgar|Edmund|Edwin|Egon|Elias|Emil|Enrico|Ernest|Eugen|Fabian|Ferdinand|Fergus|Florian|Franz|Frederick|Gaspard|Gerald|Gilbert|Gregory|Gustav|Hadrian|Harold|Hector|Henry|Herbert|Hubert|Hugo|Humphrey|Ignatius|Immanuel|Isaac|Ivan|Jasper|Jerome|Joachim|Joel|Jonas|Joseph|Julius|Justin|Kaspar|Kilian|Lambert|Leander|Leonard|Leopold|Linus|Lionel|Lothar|Ludwig|Malcolm|Marius|Maurice|Maximilian|Nathan|Nestor|Norbert|Octavian|Oscar|Osmond|Otto|Pascal|Percival|Quentin|Raimund|Ralph|Reginald|Roderick|Roland|Rufus|Rupert|Salvador|Samuel|Sigmund|Silvester|Theodore|Tibor|Ulrich|Urban|Valentin|Victor|Vincent|Waldemar|Walter|Wilfred|Xavier"
)

var russian = [][2]string{{"iu", "yu"}, {"ia", "ya"}, {"kh", "h"}, {"ei", "ey"}, {"ii", "y"}, {"ks", "x"}, {"shch", "sch"}, {"ie", "ye"}, {"v", "w"}, {"ts", "c"}, {"zh", "j"}, {"e", "ye"}}

var arab = [][2]string{{"mm", "m"}, {"oha", "uha"}, {"ee", "i"}, {"ou", "u"}, {"ei", "ai"}, {"q", "k"}, {"ss", "s"}, {"al ", "el "}, {"ed", "ad"}, {"o", "u"}, {"i", "e"}, {"a", "e"}, {"ah", "a"}, {"dh", "d"}}

var indian = [][2]string{{"aa", "a"}, {"ee", "i"}, {"oo", "u"}, {"th", "t"}, {"sh", "s"}, {"v", "w"}, {"y", "i"}, {"ksh", "x"}, {"a", "aa"}, {"dh", "d"}, {"au", "ow"}}

var asian = [][2]string{{"eo", "u"}, {"oo", "u"}, {"ee", "i"}, {"u", "oo"}, {"y", "i"}, {"zh", "j"}, {"x", "hs"}, {"ou", "o"}, {"g", "k"}, {"j", "ch"}, {"hyeo", "hyu"}}

var cultures = []culture{
	{code: "GBR", femaleTail: tail{share: .35, stems: rareFemale}, maleTail: tail{share: .35, stems: rareMale}, weight: 11, double: .45, two: .04,
		surnames:    "Smith|Jones|Taylor|Brown|Williams|Wilson|Johnson|Davies|Robinson|Wright|Thompson|Evans|Walker|White|Roberts|Green|Hall|Wood|Jackson|Clarke|Patel|Khan|Lewis|James|Phillips|Mitchell|Murphy|Kelly|O'Connor|Campbell|Stewart|MacDonald|Cholmondeley|Featherstonehaugh",
		surnameTail: tail{.8, "Ash|Brad|Black|Cran|Dal|East|Fair|Gold|Hart|Holl|Kirk|Lang|Mar|Nor|Old|Pem|Rad|Red|Shaw|Stan|Sut|Thorn|Wake|West|Whit|Wool|Wyn|Hath|Penn|Trev|Ling|Stock", "ing|er|en|le|bor|ming|ter|bur|ders|win", "ham|ton|ley|worth|field|well|wood|ford|man|by|don|more|stone|ridge|dale|shaw|bridge|croft|gate|berry|burn|cliff|hurst|land"},
		female:      "Margaret|Sarah|Emma|Susan|Laura|Rebecca|Karen|Charlotte|Hannah|Jessica|Amy|Lucy|Emily|Olivia|Catherine|Claire|Nicola|Philippa|Alison|Rachel|Gemma|Heather|Joanne|Victoria|Zoe|Imogen|Fiona|Stephanie|Eleanor|Abigail",
		male:        "David|John|James|Paul|Michael|Andrew|Robert|Thomas|Daniel|Christopher|Stephen|Mark|Matthew|William|Peter|Richard|Jack|Oliver|Harry|George|Simon|Benjamin|Alexander|Joshua|Callum|Graham|Stuart|Geoffrey|Neil|Rhys", spellings: western},
	{code: "CAN", femaleTail: tail{share: .3, stems: rareFemale}, maleTail: tail{share: .3, stems: rareMale}, weight: 7, double: .4, two: .05,
		surnames:    "Tremblay|Smith|Gagnon|Roy|Côté|Bouchard|Gauthier|Morin|Lavoie|Fortin|Singh|Brown|Wilson|Martin|Campbell|MacLeod|Pelletier|Bélanger|Lévesque|Bergeron|Leblanc|Girard|Wong|Chan|Fraser|Reid|Ross|Dubé|Nadeau|Poirier",
		surnameTail: tail{.8, "Beau|Bel|Char|Cour|Des|Du|Fon|Gran|La|Mar|Mont|Ro|Saint-|Val|Ville|Har|Mac|Ken|Bar|Cor", "e|ri|ne|te|de|bour|gou|lan|mo|sa", "champs|fort|mier|taine|bois|court|val|lier|neuve|pré|roche|marche|voie|vigne|mont|gate|land|more|win|dale"},
		female:      "Marie|Jennifer|Sophie|Nathalie|Sarah|Isabelle|Chantal|Melissa|Geneviève|Amanda|Julie|Véronique|Catherine|Heather|Emily|Amélie|Stéphanie|Mélanie|Priya|Valérie|Karine|Michelle|Lisa|Hélène",
		male:        "Michael|Jean|Marc|David|Éric|Pierre|Daniel|François|Mathieu|Christopher|Alexandre|Patrick|Martin|Étienne|Kevin|Robert|Stéphane|Sylvain|Benoît|Ryan|Scott|Gordon|Jean-François|Luc", spellings: western},
	{code: "DEU", femaleTail: tail{share: .35, stems: rareFemale}, maleTail: tail{share: .35, stems: rareMale}, weight: 7, double: .25, two: .06, particle: "von",
		surnames:    "Müller|Schmidt|Schneider|Fischer|Weber|Meyer|Wagner|Becker|Schulz|Hoffmann|Schäfer|Koch|Bauer|Richter|Klein|Wolf|Schröder|Neumann|Schwarz|Zimmermann|Braun|Krüger|Hofmann|Hartmann|Lange|Schmitt|Werner|Krause|Lehmann|Köhler|Maier|Weiß|Jäger|Groß|Böhm|Yılmaz|Kaya",
		surnameTail: tail{.83, "Alten|Bach|Berg|Birn|Brand|Buch|Dorn|Eich|Eisen|Feld|Fried|Gold|Grün|Hasel|Held|Hirsch|Hohen|Kalten|Kirch|Krum|Linden|Lüb|Mühl|Nieder|Ober|Rosen|Schön|Sonnen|Stein|Stroh|Tannen|Wald|Weiden|Wolfs|Zieg", "en|er|el|in|ern|ing|ig|um|elt|ers", "mann|bauer|berger|meier|hofer|er|ner|holz|feld|bach|baum|müller|schmidt|ke|ler|hausen|stein|thal|kamp|hardt|auer|wald|brock|heim|huber"},
		female:      "Sabine|Susanne|Petra|Anna|Claudia|Andrea|Julia|Monika|Katharina|Birgit|Stefanie|Martina|Heike|Lena|Ursula|Jörgine|Käthe|Ulrike|Anja|Silke|Johanna|Nicole|Franziska|Charlotte|Brigitte|Dörte|Annegret|Ayşe",
		male:        "Thomas|Michael|Andreas|Peter|Stefan|Wolfgang|Klaus|Jürgen|Christian|Martin|Matthias|Frank|Jörg|Uwe|Alexander|Jan|Tobias|Bernd|Maximilian|Felix|Lukas|Sebastian|Hans-Jürgen|Karl-Heinz|Günther|Ralf|Götz|Mehmet", spellings: western},
	{code: "FRA", femaleTail: tail{share: .35, stems: rareFemale}, maleTail: tail{share: .35, stems: rareMale}, weight: 6, double: .4, two: .06, particle: "de",
		surnames:    "Martin|Bernard|Thomas|Petit|Robert|Richard|Durand|Dubois|Moreau|Laurent|Simon|Michel|Lefèvre|Leroy|Roux|David|Bertrand|Morel|Fournier|Girard|Bonnet|Dupont|Lambert|Fontaine|Rousseau|Vincent|Muller|Lefebvre|Faure|André|Mercier|Guérin|Boyer|Garnier|Benali|Diallo|Traoré",
		surnameTail: tail{.87, "Beau|Bon|Bour|Cham|Char|Clé|Cour|De|Font|Gau|Gran|Haute|Lam|Mal|Mar|Mont|Per|Pon|Ro|Sal|Vau|Ver|Vil|Tour", "e|i|en|er|on|an|il|ou|el|ar", "bert|champ|cier|court|din|fort|geot|lard|lier|mont|nay|neuf|pin|quet|rand|reau|rier|roy|son|teau|val|ville|zac|guy"},
		female:      "Marie|Nathalie|Isabelle|Catherine|Sylvie|Sophie|Camille|Julie|Christine|Céline|Émilie|Valérie|Hélène|Léa|Manon|Chloé|Anne-Marie|Aurélie|Sandrine|Florence|Brigitte|Clémence|Inès|Fatima",
		male:        "Jean|Philippe|Michel|Nicolas|Pierre|Alain|Christophe|Patrick|Laurent|Julien|Thomas|Éric|François|Thierry|Jean-Pierre|Olivier|Sébastien|Frédéric|Guillaume|Hugo|Antoine|Rémi|Benoît|Mamadou", spellings: western},
	{code: "MEX", femaleTail: tail{share: .25, stems: rareFemale}, maleTail: tail{share: .25, stems: rareMale}, flat: 5, weight: 10, double: .55, two: .9,
		surnames:    "Hernández|García|Martínez|López|González|Pérez|Rodríguez|Sánchez|Ramírez|Cruz|Flores|Gómez|Morales|Vázquez|Reyes|Jiménez|Torres|Díaz|Gutiérrez|Ruiz|Mendoza|Aguilar|Ortiz|Moreno|Castillo|Romero|Álvarez|Méndez|Chávez|Rivera|Juárez|Ramos|Domínguez|Herrera|Medina|Castro|Vargas|Guzmán|Velázquez|Muñoz|Núñez|Peña|Ibáñez|Ordóñez",
		surnameTail: tail{.45, "Alta|Barr|Cabr|Carr|Echev|Figue|Goyt|Iturr|Larr|Mont|Olv|Quint|Sald|Sant|Urr|Vill|Zam|Zub|Arr|Bal", "a|e|i|o|ar|er", "era|aga|alba|anco|ano|ana|erría|iaga|ibar|illo|izar|oa|ola|orra|osa|uza|ueta|ieta|año|ez"},
		female:      "María|Guadalupe|Juana|Margarita|Verónica|Alejandra|Leticia|Sofía|Fernanda|Ana|Rosa|Carmen|Patricia|Elizabeth|Gabriela|Daniela|Adriana|Silvia|Laura|Claudia|Ximena|Itzel|Rocío|Teresa|Isabel|Luz|Yolanda|Araceli",
		male:        "José|Juan|Luis|Antonio|Jesús|Miguel|Carlos|Francisco|Alejandro|Jorge|Manuel|Pedro|Fernando|Ángel|Ricardo|Eduardo|Roberto|Javier|Daniel|Sergio|Raúl|Héctor|Óscar|Arturo|Andrés|Martín|Rafael|Hernán|Iván|Gustavo", spellings: western},
	{code: "BRA", femaleTail: tail{share: .3, stems: rareFemale}, maleTail: tail{share: .3, stems: rareMale}, flat: 2, weight: 6, double: .4, two: .75, particle: "da",
		surnames:    "Silva|Santos|Oliveira|Souza|Rodrigues|Ferreira|Alves|Pereira|Lima|Gomes|Costa|Ribeiro|Martins|Carvalho|Almeida|Lopes|Soares|Fernandes|Vieira|Barbosa|Rocha|Dias|Nascimento|Andrade|Moreira|Nunes|Marques|Machado|Mendes|Freitas|Cardoso|Ramos|Gonçalves|Teixeira|Araújo|Conceição|Magalhães|Simões|Assunção",
		surnameTail: tail{.3, "Alb|Bitt|Cav|Drum|Figue|Gui|Lac|Med|Mont|Par|Pinh|Quei|Sal|Tav|Vasc|Ver|Wander|Zan", "a|i|o|an|ar|el", "alcante|alho|anha|eira|eiro|enelli|entini|erda|etti|iano|igues|ini|oncelos|orato|osa|oso|ques|uela"},
		female:      "Maria|Ana|Francisca|Antônia|Adriana|Juliana|Márcia|Fernanda|Patrícia|Aline|Sandra|Camila|Amanda|Bruna|Jéssica|Letícia|Júlia|Luciana|Vanessa|Mariana|Gabriela|Vera|Beatriz|Conceição|Luísa",
		male:        "José|João|Antônio|Francisco|Carlos|Paulo|Pedro|Lucas|Luiz|Marcos|Luís|Gabriel|Rafael|Daniel|Marcelo|Bruno|Eduardo|Felipe|Rodrigo|Manoel|Mateus|André|Fernando|Fábio|Leonardo|Gonçalo|Otávio", spellings: western},
	{code: "IND", weight: 10, double: .25, two: .05, newYear: .03,
		surnames:    "Kumar|Singh|Sharma|Patel|Devi|Reddy|Gupta|Das|Khan|Yadav|Rao|Joshi|Nair|Iyer|Mehta|Shah|Verma|Mishra|Jain|Agarwal|Chatterjee|Banerjee|Mukherjee|Desai|Naidu|Pillai|Menon|Choudhury|Bhat|Kulkarni|Pandey|Tiwari|Ansari|Sheikh|Fernandes|Krishnamurthy|Subramanian|Venkataraman",
		surnameTail: tail{.6, "Bala|Bhatta|Chakra|Chandra|Deva|Dharma|Gopala|Govinda|Hari|Jaya|Krishna|Lakshmi|Maha|Nara|Padma|Raja|Rama|Sathya|Shiva|Sri|Subra|Surya|Venkata|Vijaya", "", "krishnan|murthy|nathan|swamy|raman|rajan|chari|varma|gopal|kumar|lingam|mani|palli|prasad|raju|samy|shekar|sundaram|yan|bhai|wala|kar|puri|wal"},
		female:      "Lakshmi|Priya|Sunita|Anita|Deepa|Kavita|Pooja|Neha|Anjali|Shreya|Divya|Meena|Rekha|Sangeeta|Asha|Swati|Sneha|Nisha|Radha|Geetha|Aishwarya|Vidya|Padma|Fatima|Harpreet|Gurpreet|Jyoti|Shanti",
		male:        "Rajesh|Sanjay|Amit|Suresh|Ramesh|Vijay|Rahul|Anil|Ravi|Manoj|Sunil|Rakesh|Arun|Deepak|Ashok|Vikram|Prakash|Mohammed|Karthik|Harish|Arjun|Srinivas|Venkatesh|Gurpreet|Harpreet|Abdul|Naveen|Ganesh|Mahesh|Aditya",
		femaleTail:  tail{.3, "Anu|Bhu|Chan|Dev|Indu|Kal|Mad|Mal|Nal|Pra|Ra|Sha|Su|Va|Vi", "", "dha|janya|lekha|mathi|nika|panya|radha|rika|shini|sudha|tha|vani|vathi|mitra|deepa"},
		maleTail:    tail{.3, "Abhi|Bhanu|Dinesh|Gopi|Hari|Jaga|Kari|Loke|Mani|Nara|Para|Rama|Sathi|Uma|Vas", "", "deep|dev|kanth|kiran|kumar|lal|mohan|nandan|nath|pal|prasad|raj|shekhar|swaroop|vardhan"}, spellings: indian},
	{code: "CHN", flat: 6, weight: 9, surnames: "Wang|Li|Zhang|Liu|Chen|Yang|Huang|Zhao|Wu|Zhou|Xu|Sun|Ma|Zhu|Hu|Guo|He|Lin|Gao|Luo|Zheng|Liang|Xie|Song|Tang|Deng|Han|Feng|Cao|Peng|Zeng|Xiao|Tian|Dong|Pan|Yuan|Cai|Jiang|Yu|Du|Ye|Cheng|Wei|Su|Lü|Ding|Ren|Lu|Yao|Shen|Zhong|Cui|Tan|Fan|Shi|Jin|Liao|Ouyang|Sima",
		female: "Fang|Na|Min|Jing|Li|Yan|Xia|Juan|Hong|Ying", male: "Wei|Qiang|Lei|Jun|Yong|Jie|Tao|Ming|Chao|Bo",
		femaleTail: tail{.75, "Xiu|Yu|Xiao|Li|Mei|Hui|Jia|Shu|Ya|Ting|Xue|Chun|Hai|Jing|Lan|Qing|Rui|Wen|Xin|Yi|Zi|Meng|Si|Ai|Gui", "", "ying|lan|fang|hua|juan|mei|ling|yan|zhen|qin|ping|li|hong|xia|na|jing|ting|yu|qing|xin|han|qi|tong|yao|lin"},
		maleTail:   tail{.75, "Jian|Guo|Zhi|Jun|Ming|Wei|Xiao|Yong|Hai|Hong|Jia|Shao|Wen|De|Zi|Yu|Hao|Bo|Cheng|Chun|Dong|Guang|Qing|Rui|Xue", "", "hua|jun|ping|ming|qiang|guo|feng|bo|hui|jie|liang|lin|long|sheng|tao|wei|wen|xiang|yu|zhong|bin|cai|fei|gang|peng"}, spellings: asian},
	{code: "KOR", flat: 1, weight: 5, surnames: "Kim|Lee|Park|Choi|Jung|Kang|Cho|Yoon|Jang|Lim|Han|Oh|Seo|Shin|Kwon|Hwang|Ahn|Song|Yoo|Hong|Jeon|Ko|Moon|Son|Yang|Bae|Baek|Heo|Nam|Sim|No|Ha|Kwak|Sung|Cha|Joo|Woo|Koo|Na|Min|Jin|Ji|Um|Chae|Won|Chun|Bang|Kong|Hyun|Namgung",
		female: "Jiyoung|Eunji|Minjeong|Jieun|Hyejin|Soojin", male: "Minjun|Jihoon|Sungho|Donghyun|Youngsoo|Junho",
		femaleTail: tail{.8, "Eun|Hye|Ji|Jin|Kyung|Mi|Min|Na|Seo|So|Soo|Su|Yeon|Yoo|Young|Yu|Hyun|Ha|Bo|Chae", "", " ah| bin| eun| hee| hye| hyun| jin| ju| jung| kyung| mi| min| na| ra| rim| seo| sook| won| yeon| young"},
		maleTail:   tail{.8, "Byung|Chang|Dong|Ho|Hyun|Jae|Ji|Jin|Joon|Jong|Jun|Ki|Kyung|Min|Sang|Seung|Sung|Tae|Woo|Young", "", " bin| chul| geun| gyu| ho| hoon| hwan| hyuk| hyun| jin| joon| ki| kyu| min| seok| soo| sung| won| woo| young"}, spellings: asian},
	{code: "JPN", weight: 6, surnames: "Sato|Suzuki|Takahashi|Tanaka|Watanabe|Ito|Yamamoto|Nakamura|Kobayashi|Kato|Yoshida|Yamada|Sasaki|Yamaguchi|Matsumoto|Inoue|Kimura|Hayashi|Shimizu|Saito|Yamazaki|Mori|Abe|Ikeda|Hashimoto|Ishikawa|Ogawa|Goto|Okada|Hasegawa|Fujita|Kondo|Endo|Aoki|Sakamoto|Fukuda|Ota|Miura|Ueda|Harada",
		surnameTail: tail{.7, "Aka|Ara|Asa|Fuji|Fuku|Hama|Hira|Hoshi|Ima|Ishi|Iwa|Kami|Kawa|Kita|Kuro|Matsu|Miya|Mura|Naka|Nishi|No|Oka|Saka|Shima|Sugi|Taka|Tani|Uchi|Yama|Yoshi", "", "gawa|guchi|hara|hashi|i|ki|kura|ma|mori|moto|mura|no|saki|sawa|shima|shita|ta|tani|ya|zawa|be|da|o|be|zaki"},
		female:      "Yoko|Keiko|Akiko|Yuko|Haruka|Misaki|Emi|Ayumi|Mayumi|Naomi|Megumi|Yumi|Aoi|Sakura|Yui|Rina|Kaori|Tomoko|Noriko|Michiko|Kazuko|Hiroko|Nanami|Mei",
		male:        "Hiroshi|Takashi|Kenji|Makoto|Daisuke|Kenta|Shota|Takuya|Yuki|Kazuki|Ryota|Hiroki|Naoki|Tetsuya|Akira|Satoshi|Yuta|Sho|Ren|Haruto|Kiyoshi|Masao|Toshio|Koji",
		femaleTail:  tail{.35, "Aki|Chi|Ha|Ka|Ma|Mi|Na|No|Re|Sa|Shi|To|Yu|Chie|Kei", "", "ho|ka|ko|mi|na|nami|no|ri|sa|yo|e|ki|tsu|ri|zuki"},
		maleTail:    tail{.35, "Aki|Haru|Hide|Hiro|Kazu|Masa|Mitsu|Nobu|Nori|Shige|Taka|Teru|Tomo|Yasu|Yoshi", "", "aki|fumi|haru|hiko|hiro|hisa|kazu|maru|mitsu|nobu|nori|suke|to|ya|yuki"}, spellings: asian},
	{code: "VNM", flat: 1, weight: 3, double: .9, newYear: .02, surnames: "Nguyễn|Trần|Lê|Phạm|Hoàng|Huỳnh|Phan|Vũ|Võ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý|Đinh|Trịnh|Mai|Đào",
		female: "Thị|Thu|Thanh|Ngọc|Minh|Hồng|Lan|Hương|Mai|Linh|Phương|Thảo|Trang|Hà|Anh|Yến|Nga|Vân|Dung|Loan|Tuyết|Quỳnh|Nhung|Hạnh|Kim|Bích|Diễm|Mỹ|Như|Tâm",
		male:   "Văn|Minh|Hùng|Tuấn|Anh|Dũng|Hải|Nam|Long|Quang|Thành|Đức|Phúc|Khoa|Huy|Bình|Sơn|Tùng|Trung|Cường|Hoàng|Khánh|Việt|Thắng|Hữu|Đình|Quốc|Công|Trọng|Xuân", spellings: asian},
	{code: "PHL", femaleTail: tail{share: .4, stems: rareFemale}, maleTail: tail{share: .4, stems: rareMale}, weight: 3, double: .5, two: .2, surnames: "Santos|Reyes|Cruz|Bautista|Ocampo|Garcia|Mendoza|Torres|Tomas|Andrada|Castillo|Flores|Villanueva|Ramos|Castro|Rivera|Aquino|Navarro|Salazar|Mercado|dela Cruz|delos Santos|de Guzman|San Jose",
		surnameTail: tail{.8, "Bala|Buena|Cala|Dima|Guma|Lina|Maca|Mag|Mana|Pana|Pangi|Quia|Sali|Suma|Taga|Tolen|Tala|Villa", "", "bante|bat|buhay|cundangan|dangal|gbag|hilig|kapagal|lang|lintal|namen|niban|paguio|raeg|saysay|tino|wang|yao"},
		female:      "Maria|Mary|Jennifer|Rosario|Jocelyn|Maricel|Analyn|Teresita|Cristina|Angelica|Joy|Grace|Rowena|Rosemarie|Marites|Lourdes|Divina|Princess|Kristine|Michelle",
		male:        "Jose|Juan|Mark|John|Michael|Antonio|Reynaldo|Roberto|Eduardo|Ricardo|Jomar|Christian|Angelo|Rodel|Ramon|Fernando|Joshua|Virgilio|Danilo|Ernesto", spellings: western},
	{code: "EGY", weight: 3, double: .85, two: .5, newYear: .04, particle: "El",
		surnames:    "Mohamed|Ahmed|Ali|Hassan|Ibrahim|Mahmoud|Mostafa|Hussein|Khalil|Salem|Youssef|Abdelrahman|Farouk|Saleh|Osman|Mansour|Abdallah|Soliman|Gamal|Kamel|Fathy|Ramadan|Shaaban|Sayed|Nasser|Aziz|Habib|Zaki|Naguib|Hamdy",
		surnameTail: tail{.3, "Abu|Badr|Dar|Fay|Ghan|Hal|Ham|Jab|Kar|Maj|Mas|Nad|Qas|Rash|Sab|Shar|Tah|Was|Zah", "", "ab|ad|ani|awi|awy|eem|een|er|i|im|in|our|ri|rawy|sawi|tawi|zi|zouk|yan"},
		female:      "Fatima|Mona|Heba|Amina|Yasmin|Nour|Mariam|Aisha|Dina|Rania|Salma|Hanan|Zeinab|Samira|Layla|Nadia|Khadija|Sara|Amal|Iman",
		male:        "Mohamed|Ahmed|Mahmoud|Mostafa|Omar|Ali|Khaled|Hassan|Ibrahim|Youssef|Karim|Tarek|Amr|Abdelrahman|Hossam|Sherif|Walid|Ashraf|Hussein|Samir|Adel|Yasser", spellings: arab},
	{code: "SAU", weight: 3, double: .8, two: .3, newYear: .12, particle: "Al",
		surnames:    "Otaibi|Ghamdi|Harbi|Qahtani|Zahrani|Shehri|Dosari|Shammari|Mutairi|Anazi|Malki|Juhani|Asiri|Omari|Subaie|Rashidi|Saud|Faisal|Qurashi|Hashimi|Najjar|Hamad|Yami|Balawi",
		surnameTail: tail{.5, "Bad|Dakh|Faw|Ghan|Had|Hum|Jab|Khal|Mar|Mas|Naf|Qas|Rum|Sal|Shar|Suw|Tam|Wah|Zub", "", "aidi|ali|ani|awi|ayan|eeri|idi|imi|ini|iri|oudi|rani|ri|sani|tani|udi|wani|yani|zani"},
		female:      "Noura|Fatimah|Sarah|Maha|Reem|Hessa|Aljawhara|Lama|Amal|Hind|Munira|Abeer|Haifa|Latifa|Nouf|Maryam|Aisha|Shahad|Rana|Lujain",
		male:        "Mohammed|Abdullah|Abdulrahman|Ahmed|Khalid|Fahad|Saad|Sultan|Abdulaziz|Ali|Faisal|Turki|Nasser|Bandar|Saleh|Ibrahim|Majed|Yousef|Omar|Saud|Nawaf|Hamad", spellings: arab},
	{code: "PAK", weight: 3, double: .7, newYear: .08, surnames: "Khan|Ahmed|Ali|Hussain|Malik|Iqbal|Butt|Sheikh|Shah|Qureshi|Chaudhry|Akhtar|Raza|Mahmood|Mirza|Siddiqui|Javed|Aslam|Rehman|Bhatti|Abbasi|Awan|Rana|Baig|Gill|Dar|Hashmi|Ansari|Bukhari|Farooqi",
		surnameTail: tail{.3, "Bal|Dur|Far|Gil|Jam|Kaz|Lod|Mar|Naq|Qai|Raj|Sha|Tar|Yus|Zai", "", "ani|awi|azi|hi|idi|ini|khel|mi|ni|ozai|pal|rani|tar|vi|wal"},
		female:      "Ayesha|Fatima|Sana|Maria|Zainab|Hina|Sadia|Nadia|Saima|Rabia|Amina|Bushra|Kiran|Noor|Shazia|Uzma|Samina|Khadija|Iqra|Mehwish",
		male:        "Muhammad|Ali|Ahmed|Usman|Bilal|Imran|Hassan|Asif|Adnan|Faisal|Kashif|Hamza|Zubair|Tariq|Shahid|Nadeem|Waqas|Umar|Abdul|Khalid|Naveed|Rizwan", spellings: arab},
	{code: "RUS", femaleTail: tail{share: .08, stems: rareFemale}, maleTail: tail{share: .08, stems: rareMale}, weight: 3, double: 0, surnames: "Ivanov|Smirnov|Kuznetsov|Popov|Vasilev|Petrov|Sokolov|Mikhailov|Novikov|Fedorov|Morozov|Volkov|Alekseev|Lebedev|Semenov|Egorov|Pavlov|Kozlov|Stepanov|Nikolaev|Orlov|Andreev|Makarov|Nikitin|Zakharov|Zaitsev|Solovev|Borisov|Iakovlev|Grigorev|Khrushchev|Shcherbakov|Iushchenko|Zhukov",
		surnameTail: tail{.8, "Bara|Bes|Bog|Boro|Brat|Cher|Dol|Dub|Gorb|Grom|Gus|Kali|Khar|Kol|Kras|Krug|Lukh|Mal|Med|Mosh|Nikol|Ostr|Plat|Pogor|Rog|Rub|Shev|Sid|Tik|Tsvet|Ust|Vor|Zhur", "a|e|i|o|ar|en|er|ol", "anov|atov|chenko|danov|dov|elev|ev|fanov|henkov|iaev|ilov|inskii|ishchev|kin|kov|lov|nikov|novskii|obov|onov|orov|ovskii|shin|tsev|ukhov|zhov"},
		female:      "Elena|Olga|Natalia|Tatiana|Irina|Svetlana|Anna|Ekaterina|Marina|Mariia|Iuliia|Anastasiia|Galina|Liudmila|Daria|Kseniia|Alina|Polina|Viktoriia|Nadezhda",
		male:        "Aleksandr|Sergei|Dmitrii|Andrei|Aleksei|Mikhail|Vladimir|Nikolai|Ivan|Evgenii|Maksim|Iurii|Igor|Oleg|Pavel|Anatolii|Denis|Roman|Artem|Konstantin", spellings: russian},
	{code: "UKR", femaleTail: tail{share: .08, stems: rareFemale}, maleTail: tail{share: .08, stems: rareMale}, weight: 2, surnames: "Melnyk|Shevchenko|Kovalenko|Bondarenko|Boiko|Tkachenko|Kravchenko|Kovalchuk|Koval|Oliinyk|Shevchuk|Polishchuk|Bondar|Tkachuk|Marchenko|Lysenko|Moroz|Savchenko|Rudenko|Petrenko|Hrytsenko|Yurchenko",
		surnameTail: tail{.8, "Babi|Bohd|Chor|Danyl|Did|Fed|Har|Hon|Hryh|Ivan|Kalyn|Klym|Kost|Kras|Lavr|Maks|Mykyt|Nazar|Ostap|Panas|Roman|Sav|Step|Tymosh|Vas|Zakhar", "a|e|o|y|en|yr", "iuk|chuk|enko|iv|ko|kiv|liuk|nenko|niak|ovych|ovskyi|shyn|skyi|tsky|uk|ukha|ychenko|yk|yshyn|ytskyi"},
		female:      "Olena|Oksana|Iryna|Svitlana|Nataliia|Tetiana|Liudmyla|Mariia|Halyna|Kateryna|Yuliia|Anna|Viktoriia|Nadiia|Sofiia|Anastasiia|Daryna|Khrystyna",
		male:        "Oleksandr|Serhii|Andrii|Volodymyr|Mykola|Ivan|Vasyl|Yurii|Viktor|Dmytro|Oleh|Bohdan|Taras|Mykhailo|Ihor|Maksym|Vitalii|Roman|Petro|Yevhen", spellings: russian},
	{code: "POL", femaleTail: tail{share: .2, stems: rareFemale}, maleTail: tail{share: .2, stems: rareMale}, weight: 2, double: .3, two: .04, surnames: "Nowak|Kowalski|Wiśniewski|Wójcik|Kowalczyk|Kamiński|Lewandowski|Zieliński|Szymański|Woźniak|Dąbrowski|Kozłowski|Jankowski|Mazur|Kwiatkowski|Krawczyk|Kaczmarek|Piotrowski|Grabowski|Zając|Pawłowski|Król|Michalski|Wróbel|Jabłoński|Stępień|Górski|Sikora|Żak",
		surnameTail: tail{.8, "Bara|Biel|Bor|Brzo|Chmiel|Czar|Dęb|Gaw|Gło|Grze|Jas|Kali|Klim|Kras|Kru|Lip|Łuk|Mal|Mich|Ole|Ostr|Pietr|Rog|Rut|Skow|Sob|Szcze|Tom|Urb|Wilk|Zar", "a|e|i|o|an|er|il", "ak|czak|czyk|ecki|ek|elski|ewicz|ewski|icki|iński|ka|kowski|kowicz|niak|nowski|ny|oń|owiak|owicz|owski|ski|szewski|yński"},
		female:      "Anna|Maria|Katarzyna|Małgorzata|Agnieszka|Barbara|Ewa|Krystyna|Magdalena|Elżbieta|Joanna|Zofia|Aleksandra|Monika|Teresa|Natalia|Grażyna|Wiesława|Julia|Karolina",
		male:        "Piotr|Krzysztof|Andrzej|Tomasz|Jan|Paweł|Michał|Marcin|Jakub|Adam|Stanisław|Marek|Łukasz|Grzegorz|Mateusz|Wojciech|Dariusz|Zbigniew|Jerzy|Kazimierz", spellings: western},
	{code: "TUR", weight: 2, double: .25, newYear: .04, surnames: "Yılmaz|Kaya|Demir|Çelik|Şahin|Yıldız|Yıldırım|Öztürk|Aydın|Özdemir|Arslan|Doğan|Kılıç|Aslan|Çetin|Kara|Koç|Kurt|Özkan|Şimşek|Polat|Korkmaz|Erdoğan|Güneş|Aksoy",
		surnameTail: tail{.7, "Ak|Al|Al|Bay|Boz|Can|De|Er|Gök|Gül|Güv|Kara|Kaya|Kır|Öz|Sarı|Sönm|Taş|Top|Tun|Tür|Uç|Yal|Yur", "", "alp|altın|bulut|can|çay|dağ|demir|er|gül|han|kan|koç|lu|mez|oğlu|öz|pınar|soy|su|taş|tekin|turan|türk|yüz"},
		female:      "Fatma|Ayşe|Emine|Hatice|Zeynep|Elif|Meryem|Şerife|Sultan|Merve|Özlem|Esra|Büşra|Kübra|Gülsüm|Çiğdem|Tuğba|Derya|Seda|Pınar",
		male:        "Mehmet|Mustafa|Ahmet|Ali|Hüseyin|Hasan|İbrahim|İsmail|Osman|Yusuf|Murat|Ömer|Ramazan|Emre|Oğuz|Barış|Burak|Serkan|Ümit|Tuğrul", spellings: western},
	{code: "NGA", femaleTail: tail{share: .35, stems: rareFemale}, maleTail: tail{share: .35, stems: rareMale}, weight: 3, double: .6, two: .05, surnames: "Okafor|Adebayo|Okonkwo|Ibrahim|Eze|Mohammed|Okoro|Abubakar|Ogunleye|Balogun|Nwachukwu|Musa|Adeyemi|Bello|Nwosu|Usman|Okeke|Obi|Lawal|Chukwu|Olawale|Yusuf",
		surnameTail: tail{.75, "Ade|Aki|Anya|Ayo|Baba|Chi|Chukwu|Eze|Fola|Ife|Ike|Nna|Nwa|Obi|Ogun|Oko|Ola|Olu|Ony|Osa|Uche|Udo|Uzo", "", "bayo|biyi|buike|diran|dozie|emeka|fe|femi|goke|kpara|kunle|mide|moye|nkwo|nna|rinde|segun|tunde|wole|wuike|yemi|zor"},
		female:      "Blessing|Chidinma|Ngozi|Folasade|Amina|Grace|Adaeze|Temitope|Fatima|Oluwaseun|Chioma|Funmilayo|Aisha|Yetunde|Ifeoma|Joy|Hauwa|Bukola|Patience|Zainab",
		male:        "Emmanuel|Chukwuemeka|Ibrahim|Babatunde|Oluwaseun|Abubakar|Samuel|Emeka|Musa|Olumide|Ifeanyi|Mohammed|David|Tunde|Chinedu|Sunday|Segun|Usman|Godwin|Kelechi", spellings: western},
	{code: "SWE", femaleTail: tail{share: .3, stems: rareFemale}, maleTail: tail{share: .3, stems: rareMale}, weight: 2, double: .5, two: .04, surnames: "Andersson|Johansson|Karlsson|Nilsson|Eriksson|Larsson|Olsson|Persson|Svensson|Gustafsson|Pettersson|Jonsson|Jansson|Hansson|Bengtsson|Jönsson|Lindberg|Jakobsson|Magnusson|Lindström|Åkesson|Öberg|Sjöberg|Hedström",
		surnameTail: tail{.65, "Alm|Berg|Björk|Blom|Dal|Ek|Fors|Gran|Hag|Hed|Holm|Käll|Lind|Ljung|Lund|Mell|Nord|Norr|Ny|Rosen|Sand|Sjö|Stål|Ström|Sund|Väst|Åker|Öst", "", "berg|blad|bäck|dahl|fors|gren|holm|kvist|lund|löf|man|mark|qvist|skog|stedt|ström|vall|wall|ander|in|born|gård|lid"},
		female:      "Anna|Eva|Maria|Karin|Kristina|Lena|Kerstin|Sara|Emma|Malin|Åsa|Ingrid|Birgitta|Elin|Linnéa|Hanna|Johanna|Märta|Sofia|Ulla",
		male:        "Lars|Mikael|Anders|Johan|Erik|Per|Karl|Peter|Thomas|Jan|Daniel|Fredrik|Andreas|Hans|Göran|Björn|Åke|Sören|Magnus|Jörgen", spellings: western},
	{code: "ITA", femaleTail: tail{share: .3, stems: rareFemale}, maleTail: tail{share: .3, stems: rareMale}, weight: 3, double: .15, particle: "De", surnames: "Rossi|Russo|Ferrari|Esposito|Bianchi|Romano|Colombo|Ricci|Marino|Greco|Bruno|Gallo|Conti|Costa|Giordano|Mancini|Rizzo|Lombardi|Moretti|Barbieri|Fontana|Santoro|Mariani|Rinaldi|D'Amico|D'Angelo|Caruso|Ferrara|Gatti",
		surnameTail: tail{.87, "Ac|Bal|Bar|Bell|Bon|Brus|Cald|Cam|Cap|Cas|Cav|Fal|Fior|Gal|Gar|Giac|Gug|Lan|Mal|Mar|Mont|Pal|Pell|Per|Pic|Sal|Sca|Tam|Vec|Zan", "a|e|i|o|an|ar|el|or", "acci|aldi|alli|amonti|anelli|ani|arelli|ari|atti|azzi|elli|emi|eri|esi|ettini|etti|iani|icelli|ieri|ini|ioli|ola|one|oni|osi|ucci|uzzi"},
		female:      "Maria|Anna|Giulia|Francesca|Chiara|Sara|Laura|Paola|Elena|Valentina|Silvia|Martina|Federica|Alessia|Giorgia|Rosa|Angela|Roberta|Letizia|Ornella",
		male:        "Giuseppe|Marco|Andrea|Francesco|Antonio|Alessandro|Luca|Giovanni|Roberto|Stefano|Paolo|Matteo|Davide|Lorenzo|Mario|Simone|Luigi|Niccolò|Gabriele|Pier Paolo", spellings: western},
}
