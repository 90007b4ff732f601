"""A small export of three invented records in every format, as each source writes it."""

from collections.abc import Mapping
from types import MappingProxyType

from peerreview.imports.formats import Piece, RawRecord, Warned, mixture

NBIB = """\
PMID- 90000001
OWN - NLM
STAT- MEDLINE
IS  - 1234-5679 (Electronic)
VI  - 24
IP  - 1
DP  - 2024 Mar 25
TI  - Peer workers in acute care: a qualitative
      study of role clarity.
PG  - 211-9
LID - 10.5555/PEER.1 [doi]
LID - S0000-1 [pii]
AB  - BACKGROUND: Peer work is growing. METHODS: We asked
      twelve peer workers.
FAU - Example, Verity
AU  - Example V
AD  - Department of Invention, University of
      Nowhere, Nowhere.
FAU - Müller, Jörg K
AU  - Müller JK
CN  - Peer Work Group
LA  - eng
PT  - Journal Article
PT  - Research Support, Non-U.S. Gov't
TA  - J Invent
JT  - Journal of invention
OTO - NOTNLM
OT  - peer work
MH  - Humans
MH  - Mental Health Services/*organization & administration
PMC - PMC9000001
SO  - J Invent. 2024 Mar 25;24(1):211-9. doi: 10.5555/PEER.1.

PMID- 90000002
OWN - NLM
DP  - 2019 Sep-Oct
TI  - Supervision of peer workers.
PG  - e12
FAU - Sample, Ada
AU  - Sample A
JT  - Journal of invention
SO  - J Invent. 2019 Sep-Oct;19(5):e12.

PMID- 90000003
OWN - NLM
DP  - 2020
TI  - Recovery colleges.
LID - 10.5555/peer.3 [doi]
FAU - Specimen, Bo
AU  - Specimen B
JT  - Journal of invention
SO  - J Invent. 2020;20:1-2.
"""

WOS = """\
FN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Example, V
   Müller, JK
AF Example, Verity
   Müller, Jörg K.
TI Peer workers in acute care: a qualitative
   study of role clarity
SO JOURNAL OF INVENTION
LA English
DT Article
DE peer work; role clarity
ID MENTAL-HEALTH; RECOVERY
AB Peer work is growing. We asked twelve
   peer workers.
C1 [Example, V] Univ Nowhere, Nowhere.
   [Muller, JK] Univ Elsewhere, Elsewhere.
CR Sample A, 2019, J INVENT, V19
   Specimen B, 2020, J INVENT, V20
SN 1234-5679
EI 2345-6781
JI J. Invent.
PD MAR
PY 2024
VL 24
IS 1
BP 211
EP 219
DI 10.5555/PEER.1
UT WOS:000900000000001
PM 90000001
ER

PT J
AU Sample, A
TI Supervision of peer workers
SO JOURNAL OF INVENTION
PY 2019
AR e12
UT WOS:000900000000002
ER

PT B
BE Specimen, B
TI Recovery colleges
SO A BOOK OF INVENTION
PY 2020
BN 978-3-16-148410-0
UT WOS:000900000000003
ER

EF
"""

OVID = """\
<1. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R) ALL <1946 to March 25, 2024>
UI  - 90000001
TI  - Peer workers in acute care: a qualitative study of role clarity.  [Review]
AU  - Example, Verity PhD 1
AU  - Müller, Jörg K. MD, MPH 2,*
IN  - (1)University of Nowhere
SO  - Journal of Invention March 2024;24(1):211-219
AB  - Peer work is growing.
Method(s): We asked twelve peer workers.
KW  - peer work;  role clarity
LG  - English.
DI  - 10.5555/PEER.1
XL  - http://ovidsp.ovid.com/ovidweb.cgi?T=JS&NEWS=N&PAGE=fulltext&D=med25&AN=90000001

<2. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R) ALL <1946 to March 25, 2024>
UI  - 90000002
TI  - Supervision of peer workers.
AU  - Sample, Ada
SO  - Journal of Invention. 19(5):12-20, 2019 Sep.

<3. >
VN  - Ovid Technologies
DB  - APA PsycInfo
AN  - 2020-00000-001.
TI  - Recovery colleges.
AU  - Specimen, Bo
SO  - Journal of Invention. Vol.20(2), 2020, pp. 1-22.
"""

OVID_LABELS = """\
<1>
Accession Number
  00000001-202403000-00001.
Author
  Example, Verity 1;  Müller, Jörg K. MD 2
Title
  Peer workers in acute care.[Article]
Source
  Journal of Invention.   24(1):211-219, March 2024.
Abstract
  Peer work is growing.
References
  Sample A. 2019. Supervision.

  Specimen B. 2020. Recovery.
DOI Number
  10.5555/PEER.1
<2>
Author
  Sample, Ada
Title
  Supervision of peer workers.
Source
  Journal of Invention. Vol 19(5) September 2019, 12-20.
<3>
Author
  Specimen, Bo
Chapter Title
  Recovery colleges
Source
  Journal of Invention. 20:1-2, 2020.
"""

REFER = """\
%0 Journal Article
%A Example, Verity
%A Müller, Jörg K.
%T Peer workers in acute care
%J Journal of Invention
%D 2024
%V 24
%N 1
%P 211-9
%K peer work
role clarity
%X Peer work is growing.
We asked twelve peer workers.
%R 10.5555/PEER.1
%@ 1234-5679
%G eng
%M 90000001
%~ PubMed
%W NLM

%0 Journal Article
%A Sample, Ada
%T Supervision of peer workers
%J Journal of Invention
%D 2019

%0 Book
%A Specimen, Bo
%T Recovery colleges
%D 2020
%@ 978-3-16-148410-0
"""

REFWORKS = """\
Refworks Export Tagged Format

Tag legend
*****
RT=Reference Type
A1=Primary Authors

*****
BEGIN EXPORTED REFERENCES

RT Journal Article
SR Electronic(1)
ID 1
A1 Example,Verity
A1 Müller,Jörg K.
T1 Peer workers in acute care
JF Journal of Invention
YR 2024
VO 24
IS 1
SP 211
OP 219
K1 peer work
K1 role clarity
AB Peer work is growing.
NO doi: 10.5555/PEER.1
SN 1234-5679
AN 90000001
LA English
DB CINAHL
OL English (30)

RT Journal Article
SR Print(0)
ID 2
A1 Sample,Ada
T1 Supervision of peer workers
YR 2019
OL English (30)

RT Book, Whole
SR Print(0)
ID 3
A1 Specimen,Bo
T1 Recovery colleges
YR 2020
OL English (30)
"""

PUBMED_XML = """\
<?xml version="1.0" ?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" \
"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">
<PubmedArticleSet>
<PubmedArticle>
  <MedlineCitation Status="MEDLINE" Owner="NLM">
    <PMID Version="1">90000001</PMID>
    <Article PubModel="Print">
      <Journal>
        <ISSN IssnType="Electronic">1234-5679</ISSN>
        <JournalIssue CitedMedium="Internet">
          <Volume>24</Volume><Issue>1</Issue>
          <PubDate><MedlineDate>2024 Mar-Apr</MedlineDate></PubDate>
        </JournalIssue>
        <Title>Journal of invention</Title>
      </Journal>
      <ArticleTitle>Peer workers &amp; CO<sub>2</sub> in <i>acute</i> care.</ArticleTitle>
      <Pagination><MedlinePgn>211-9</MedlinePgn></Pagination>
      <ELocationID EIdType="pii" ValidYN="Y">S0000-1</ELocationID>
      <ELocationID EIdType="doi" ValidYN="Y">10.5555/PEER.1</ELocationID>
      <Abstract>
        <AbstractText Label="BACKGROUND" NlmCategory="BACKGROUND">Peer work is growing.</AbstractText>
        <AbstractText Label="METHODS" NlmCategory="METHODS">We asked twelve peer workers.</AbstractText>
      </Abstract>
      <AuthorList CompleteYN="Y">
        <Author ValidYN="Y"><LastName>Example</LastName><ForeName>Verity</ForeName><Initials>V</Initials>
          <AffiliationInfo><Affiliation>University of Nowhere.</Affiliation></AffiliationInfo></Author>
        <Author ValidYN="Y"><CollectiveName>Peer Work Group</CollectiveName></Author>
        <Author ValidYN="Y"><LastName>Müller</LastName><Initials>JK</Initials><Suffix>Jr</Suffix></Author>
      </AuthorList>
      <Language>eng</Language>
      <PublicationTypeList>
        <PublicationType UI="D016428">Journal Article</PublicationType>
      </PublicationTypeList>
    </Article>
    <MeshHeadingList>
      <MeshHeading><DescriptorName UI="D1" MajorTopicYN="N">Humans</DescriptorName></MeshHeading>
      <MeshHeading><DescriptorName UI="D2" MajorTopicYN="N">Peer Group</DescriptorName>
        <QualifierName UI="Q1" MajorTopicYN="Y">psychology</QualifierName></MeshHeading>
    </MeshHeadingList>
    <KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">peer work</Keyword></KeywordList>
  </MedlineCitation>
  <PubmedData>
    <ArticleIdList>
      <ArticleId IdType="pubmed">90000001</ArticleId><ArticleId IdType="pmc">PMC9000001</ArticleId>
    </ArticleIdList>
    <ReferenceList><Reference><Citation>Sample A. 2019.</Citation>
      <ArticleIdList><ArticleId IdType="doi">10.5555/cited.9</ArticleId></ArticleIdList>
    </Reference></ReferenceList>
  </PubmedData>
</PubmedArticle>
<PubmedArticle>
  <MedlineCitation><PMID>90000002</PMID>
    <Article><Journal><JournalIssue><PubDate><Year>2019</Year></PubDate></JournalIssue></Journal>
      <ArticleTitle>Supervision of peer workers.</ArticleTitle></Article></MedlineCitation>
</PubmedArticle>
<PubmedBookArticle>
  <BookDocument><PMID>90000003</PMID>
    <Book><BookTitle book="rec">Recovery colleges</BookTitle><PubDate><Year>2020</Year></PubDate>
      <AuthorList Type="authors">
        <Author><LastName>Specimen</LastName><ForeName>Bo</ForeName></Author>
      </AuthorList>
      <Isbn>9783161484100</Isbn></Book>
    <Abstract><AbstractText>On colleges.</AbstractText></Abstract></BookDocument>
</PubmedBookArticle>
</PubmedArticleSet>
"""

ENDNOTE_XML = """\
<?xml version="1.0" encoding="UTF-8" ?><xml><records>
<record><database name="my.enl" path="C:\\Users\\me\\my.enl">my.enl</database>\
<source-app name="EndNote" version="21.3">EndNote</source-app><rec-number>1</rec-number>\
<ref-type name="Journal Article">17</ref-type><contributors><authors>\
<author><style face="normal">Example, Verity</style></author>\
<author><style face="normal">Müller, Jörg K.</style></author></authors></contributors>\
<titles><title><style face="normal">Peer workers in </style><style face="italic">acute</style>\
<style face="normal"> care</style></title><secondary-title>J Invent</secondary-title></titles>
<periodical><full-title>Journal of Invention</full-title></periodical><pages>211-9</pages><volume>24</volume>\
<number>1</number><keywords><keyword>peer work</keyword><keyword>role clarity</keyword></keywords>\
<dates><year>2024</year></dates><isbn>1234-5679 (Electronic)&#xD;2345-6781 (Linking)</isbn>\
<accession-num>90000001</accession-num><abstract>Peer work is growing.</abstract>\
<urls><related-urls><url>https://www.ncbi.nlm.nih.gov/pubmed/90000001</url></related-urls></urls>\
<electronic-resource-num>10.5555/PEER.1</electronic-resource-num>\
<remote-database-provider>NLM</remote-database-provider><language>eng</language></record>
<record><ref-type name="Journal Article">17</ref-type>\
<titles><title>Supervision of peer workers</title></titles><dates><year>2019</year></dates></record>
<record><ref-type name="Book">6</ref-type><titles><title>Recovery colleges</title></titles>\
<isbn>978-3-16-148410-0</isbn></record>
</records></xml>
"""

CSL = """\
[
  {
    "id": "example2024",
    "type": "article-journal",
    "title": "Peer workers in <i>acute</i> care",
    "author": [
      {"given": "Verity", "family": "Example"},
      {"given": "Jörg K.", "family": "Berg", "non-dropping-particle": "van den"},
      {"literal": "Peer Work Group"}
    ],
    "container-title": "Journal of Invention",
    "volume": 24, "issue": "1", "page": "211-9",
    "issued": {"date-parts": [[2024, 3, 25]]},
    "DOI": "10.5555/PEER.1", "ISSN": ["1234-5679"], "PMID": "90000001",
    "keyword": "peer work, role clarity", "abstract": "Peer work is growing.",
    "custom": {"a": [1, 2]}
  },
  {
    "id": "sample2019",
    "type": "article-journal",
    "title": "Supervision of peer workers",
    "issued": {"raw": "September 2019"}
  },
  {
    "id": "specimen2020",
    "type": "book",
    "title": "Recovery colleges",
    "ISBN": "978-3-16-148410-0",
    "editor": [{"family": "Specimen", "given": "Bo"}]
  }
]
"""

COMMAS = """\
Title,Authors,Year,Source title,Volume,Issue,Page start,Page end,DOI,PubMed ID,Abstract,Author Keywords,\
Source,EID
"Peer workers in acute care, a study","Example V., Müller J.K.",2024,"Journal of Invention",24,1,211,219,\
10.5555/PEER.1,90000001,"Peer work is growing.

We asked twelve ""peer workers"".","peer work; role clarity",Scopus,2-s2.0-90000000001
"Supervision of peer workers","Sample A.",2019,"Journal of Invention",19,5,12,20,,,,,Scopus,2-s2.0-90000000002
"Recovery colleges","[No author name available]",2020,"Journal of Invention",20,,,,10.5555/peer.3,,,,Scopus,\
2-s2.0-90000000003
"""

EMBASE = """\
"SEARCH QUERY","'peer work':ti"
-------------------------------------

"Title","Author Names","Source","Source title","Publication Year","First Page","Last Page","Abstract",\
"Emtree Medical Index Terms","Medline PMID","PUI","DOI"
"Peer workers in acute care","Example V., Müller J.K.","Journal of Invention (2024) 24:1 (211-219)",\
"Journal of Invention","2024","211","219","Peer work is growing.","peer group, human","90000001",\
"L2900000001","10.5555/PEER.1"
"Supervision of peer workers","Sample A.","Journal of Invention (2019)","Journal of Invention","2019","","",\
"","","","L2900000002",""
"Recovery colleges","Specimen B.","Journal of Invention (2020)","Journal of Invention","2020","","","","",\
"","L2900000003","10.5555/peer.3"
"""

SEMICOLONS = """\
Title;Authors;Year;Journal;DOI
"Peer workers in acute care; a study";Example, V.;2024;Journal of Invention;10.5555/PEER.1
Supervision of peer workers;Sample, A.;2019;Journal of Invention;
Recovery colleges;Specimen, B.;2020;Journal of Invention;10.5555/peer.3
"""

TABS = """\
PT\tAU\tTI\tSO\tDE\tPY\tDI\tUT\tPM
J\tExample, V; Muller, JK\t"Peer" workers in acute care\tJOURNAL OF INVENTION\tpeer work; role clarity\t2024\
\t10.5555/PEER.1\tWOS:000900000000001\t90000001
J\tSample, A\tSupervision of peer workers\tJOURNAL OF INVENTION\t\t2019\t\tWOS:000900000000002\t
B\tSpecimen, B\tRecovery colleges\tA BOOK OF INVENTION\t\t2020\t\tWOS:000900000000003\t
"""

RIS = """\
TY  - JOUR
TI  - Peer workers in acute care
AU  - Example, Verity
PY  - 2024
DO  - 10.5555/PEER.1
AB  - Peer work is growing.
We asked twelve peer workers.
ER  -

TY  - JOUR
TI  - Supervision of peer workers
AU  - Sample, Ada
PY  - 2019
ER  -

TY  - BOOK
TI  - Recovery colleges
AU  - Specimen, Bo
PY  - 2020
ER  -
""".replace("ER  -", "ER  - ")

BIBTEX = """\
@article{example2024,
  title = {Peer workers in {Acute} care},
  author = {Example, Verity and M{\\"u}ller, J{\\"o}rg K.},
  year = 2024,
  doi = {10.5555/PEER.1},
}

@article{sample2019,
  title = "Supervision of peer workers",
  author = {Sample, Ada},
  year = {2019}
}

@book{specimen2020,
  title = {Recovery colleges},
  editor = {Specimen, Bo},
  year = {2020}
}
"""

ICTRP = """\
<?xml version='1.0' encoding='UTF-8' ?>
<Trials_downloaded_from_ICTRP>
  <Trial><Export_date>01/02/2026 10:00:00</Export_date>
    <Internal_Number>1
    </Internal_Number>
    <TrialID>ACTRN12000000001
    </TrialID>
    <Public_title>Peer workers
    </Public_title>
    <Scientific_title>Peer workers in acute care &lt; 65 years
    </Scientific_title>
    <Acronym/>
    <Date_registration3>20240115
    </Date_registration3>
    <Date_registration>15/01/2024
    </Date_registration>
    <Source_Register>ANZCTR
    </Source_Register>
    <web_address>https://example.org/trial/1
    </web_address>
    <Study_type>Interventional
    </Study_type>
    <Condition>Depression
    </Condition>
  </Trial>
  <Trial><Export_date>01/02/2026 10:00:00</Export_date>
    <Internal_Number>2
    </Internal_Number>
    <TrialID>ACTRN12000000002
    </TrialID>
    <Public_title>Supervision
    </Public_title>
    <Scientific_title>Supervision of peer workers
    </Scientific_title>
    <Acronym/>
    <Date_registration3>20190115
    </Date_registration3>
    <Date_registration>15/01/2019
    </Date_registration>
    <Source_Register>ANZCTR
    </Source_Register>
    <web_address>https://example.org/trial/2
    </web_address>
    <Study_type>Interventional
    </Study_type>
    <Condition>Anxiety
    </Condition>
  </Trial>
  <Trial><Export_date>01/02/2026 10:00:00</Export_date>
    <Internal_Number>3
    </Internal_Number>
    <TrialID>ACTRN12000000003
    </TrialID>
    <Public_title>Recovery colleges
    </Public_title>
    <Scientific_title>
    </Scientific_title>
    <Acronym/>
    <Date_registration3>20200115
    </Date_registration3>
    <Date_registration>15/01/2020
    </Date_registration>
    <Source_Register>ANZCTR
    </Source_Register>
    <web_address>https://example.org/trial/3
    </web_address>
    <Study_type>Interventional
    </Study_type>
    <Condition>Recovery
    </Condition>
  </Trial>
</Trials_downloaded_from_ICTRP>
"""

EMBASE_ROWS = """\
"SEARCH QUERY","'peer work':ti"

"TITLE","Peer workers in acute care"
"AUTHOR NAMES","Example V.","Müller J.K."
"SOURCE","Journal of Invention (2024) 24:1 (211-219). Date of Publication: 25 Mar 2024"
"PUBLICATION YEAR","2024"
"ABSTRACT","Peer work is growing.

We asked twelve ""peer workers""."
"EMTREE MEDICAL INDEX TERMS","peer group","human"
"MEDLINE PMID","90000001","http://www.ncbi.nlm.nih.gov/pubmed/90000001"
"PUI","L2900000001"
"DOI","10.5555/PEER.1"

"TITLE","Supervision of peer workers"
"AUTHOR NAMES","Sample A."
"SOURCE","Journal of Invention (2019) 19 SUPPL. 1 (S12)"
"PUI","L2900000002"

"TITLE","Recovery colleges"
"SOURCE TITLE","Journal of Invention"
"PUBLICATION YEAR","2020"
"PUI","L2900000003"
"""

SAMPLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ris": ("ris", RIS),
        "bibtex": ("bibtex", BIBTEX),
        "nbib": ("nbib", NBIB),
        "wos": ("wos", WOS),
        "ovid": ("ovid", OVID),
        "ovid with labels": ("ovid", OVID_LABELS),
        "refer": ("refer", REFER),
        "refworks": ("refworks", REFWORKS),
        "pubmed_xml": ("pubmed_xml", PUBMED_XML),
        "endnote_xml": ("endnote_xml", ENDNOTE_XML),
        "ictrp": ("ictrp", ICTRP),
        "csl": ("csl", CSL),
        "commas": ("spreadsheet", COMMAS),
        "embase": ("spreadsheet", EMBASE),
        "embase in rows": ("embase", EMBASE_ROWS),
        "semicolons": ("spreadsheet", SEMICOLONS),
        "tabs": ("spreadsheet", TABS),
    }
)
"""What a sample is called → its format and its text; three records each."""


def records_of(text: str) -> list[RawRecord]:
    """Return the sound records of an export in whatever format."""
    return [part for part in mixture.detect(text).parse(text) if isinstance(part, RawRecord)]


def rejects_of(text: str) -> list[Piece]:
    """Return the rejected ones."""
    return [part for part in mixture.detect(text).parse(text) if isinstance(part, Piece)]


def warnings_of(text: str) -> list[Warned]:
    """Return what is warned of."""
    return [part for part in mixture.detect(text).parse(text) if isinstance(part, Warned)]


def fields_of(text: str) -> list[dict[str, str]]:
    """Return the content columns of the sound records, blank ones left out."""
    found = mixture.detect(text)
    return [
        {column: value for column, value in found.to_fields(raw).items() if value} for raw in records_of(text)
    ]
