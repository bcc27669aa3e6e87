"""What texts tell of people, by whom they belong to and how the instance has it."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bigpandamon_core.domain.by_column import by_column, records
from bigpandamon_core.domain.people import (
    ACCOUNT,
    NAMELESS,
    NAMES,
    NEVER,
    Person,
    asks_for_subject,
    may_tell,
    whole,
    without_subjects,
)
from bigpandamon_core.domain.privacy import Anonymous, Privacy, is_told_otherwise

OPEN, PSEUDONYMS, NONE = (Privacy(mode, "secret") for mode in Anonymous)
HIDING = pytest.mark.parametrize("privacy", [PSEUDONYMS, NONE])
JUERGEN = Person("Jürgen Müller", "/DC=x/CN=Jürgen Müller")
SUBJECTS = (
    "/DC=x/CN=Bob Producer",
    "/C=UK/O=eScience/OU=Somewhere/L=Lab/CN=bob producer/CN=proxy",
    "/CN=Bob Producer",
    "/dc=x/cn=Bob Producer (he)",
    "\\/DC=x\\/CN=Bob Producer",
    "CN=Bob Producer,DC=x,DC=y",
    "DC=x, DC=y, CN=Bob Producer",
    "OU=a,CN=Bob O'Producer,O=b",
    "UID=bobproducer,CN=Bob Producer",
)


FORMS = ("{}", "killed by {}", "killed by '{}' today", 'a "{}" b', "x={}; rest", "{}\nrest")


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize(
    "form", ["{}", "killed by {}", "killed by '{}' today", 'a "{}" b', "x={}; rest", "{}\nrest"]
)
@pytest.mark.parametrize("privacy", [OPEN, PSEUDONYMS, NONE])
def test_no_text_keeps_a_certificate_subject(privacy, form, subject):
    told = privacy.text(form.format(subject))
    assert "roducer" not in told
    before, after = form.split("{}")
    assert told.startswith(before)
    assert told.endswith(after)


@pytest.mark.parametrize(
    "text",
    ["nGPU=1 nEvents=5", "/cvmfs/x/y=z/run --CN=3", "OU=5 L=7", "a=b,c=d", "BCN=x,DC=y", "/XCN=7", "='/'"],
)
def test_what_is_no_subject_stays(text):
    assert OPEN.text(text) == text


@pytest.mark.parametrize("part", ["CN=", "CN=a,", "/CN=", "DC=a,'", "'/CN=a' ", "user.", "Jürgen ", "!"])
def test_long_texts_take_no_longer_than_they_are_long(part):
    """Sixteen times the text takes some sixteen times as long, not 256 times."""

    def seconds(times: int) -> float:
        text = part * times
        begun = time.thread_time()
        without_subjects(text)
        NONE.text(text, JUERGEN)
        return time.thread_time() - begun

    short = max(min(seconds(2_500) for _ in range(3)), 0.001)
    assert seconds(40_000) < 16 * 5 * short


@given(st.text(alphabet="CNDOU=/, 'ab\"", max_size=40))
def test_nothing_that_looks_like_a_subject_is_left(text):
    told = without_subjects(text)
    assert without_subjects(told) == told


@pytest.mark.parametrize(
    "value", ["x/DC=a/CN=b", "*CN=Bob*", "*N=Bob*", "*=Bob*", "a|cn=b", "CN=b,DC=c", "*/DC=x*", "!*CN=*"]
)
def test_parts_of_subjects_are_told_from_others(value):
    assert asks_for_subject(value)
    assert not asks_for_subject(value.replace("=", "-"))


@pytest.mark.parametrize("value", ["nGPU=1", "*nGPU=1*", "pilot:1099", "--x=5", "2026-01-01", "A/B", "*"])
def test_what_asks_for_no_subject(value):
    assert not asks_for_subject(value)


@HIDING
@pytest.mark.parametrize(
    "text",
    [
        "by Jürgen Müller", "by JÜRGEN MÜLLER.", "by jürgen_müller@x", "(Jürgen  Müller)", "jürgen.müller",
        "user.Jürgen Müller.log", "?user=Jürgen%20Müller&x", "Jürgen Müller's",
    ],
)  # fmt: skip
def test_names_are_found_in_any_case_and_spelling(privacy, text):
    told = privacy.text(text, JUERGEN)
    assert "ller" not in told.lower()
    assert is_told_otherwise(told)


@HIDING
@pytest.mark.parametrize(
    ("name", "text"), [("ed", "finished, failed, red-ed1"), ("panda", "pandas panda5 xpanda"), ("*", "a b")]
)
def test_only_whole_words_are_names(privacy, name, text):
    assert privacy.text(text, Person(name)) == text


@HIDING
@pytest.mark.parametrize("name", ["ed", "panda", "managed", "finished"])
def test_columns_that_hold_no_names_stay(privacy, name):
    row = dict.fromkeys(NAMELESS, name) | {"produsername": name, "jobname": f"of {name}", "pandaid": 7}
    told = privacy.row(dict(row))
    assert {column: told[column] for column in NAMELESS} == dict.fromkeys(NAMELESS, name)
    assert name not in told["jobname"].split()
    assert told["pandaid"] == 7


@HIDING
def test_accounts_of_data_sets(privacy):
    text = (
        "user.u002.a1.log user.u003/ user.u004:user.u004.x panda.um.user.u005.y superuser.u006 group.phys.x"
    )
    told = privacy.text(text)
    assert all(f"u00{number}" not in told for number in (2, 3, 4, 5))
    assert told.endswith("superuser.u006 group.phys.x")
    assert ".a1.log" in told
    assert privacy.text(told) == told
    assert OPEN.text(text) == text


@HIDING
def test_documents_are_told_through_and_through(privacy):
    document = json.loads(
        '{"owner": "J\\u00fcrgen M\\u00fcller", "x": [{"Jürgen Müller": 5}, "user.u002.y", 7, null]}'
    )
    told = json.dumps(privacy.document(document, JUERGEN), ensure_ascii=False)
    assert "ller" not in told
    assert "u002" not in told
    assert json.loads(told)["x"][2:] == [7, None]


@pytest.mark.parametrize("privacy", [OPEN, PSEUDONYMS, NONE])
def test_ones_own_id_is_cut_whatever_it_looks_like(privacy):
    row = {
        "produsername": "Bob",
        "produserid": "4711-abc",
        "commandtopilot": "by 4711-ABC.",
        "vo": "4711-abc",
    }
    told = privacy.row(row)
    assert told["produserid"] is None
    assert told["commandtopilot"] == "by (not shown)."


def test_a_name_that_is_its_own_id_is_shown_where_names_are():
    told = OPEN.row({"produsername": "Bob", "produserid": "Bob", "jobname": "job of Bob"})
    assert (told["produsername"], told["jobname"]) == ("Bob", "job of Bob")


def test_a_name_that_is_a_subject_is_not():
    assert "Bob" not in str(OPEN.row({"produsername": "/DC=x/CN=Bob", "jobname": "x"}))


def test_columns_of_persons_are_of_one_kind():
    assert not NAMELESS & {*NAMES, *NEVER, "jobname", "taskname", "homepackage", "lockedby", "commandtopilot"}


WORDS = st.text(alphabet="aAkKsS\u017f\u212a\u0130iI.,/= -%\n", max_size=12)


@given(name=WORDS.filter(str.strip), texts=WORDS)
def test_whoever_is_found_in_a_text_was_looked_for(name, texts):
    """A quick look may say too often that somebody may be named, never too seldom."""
    assert may_tell(texts, [name], accounts=False) or not whole(name).search(texts)


@given(name=WORDS.filter(str.strip), before=WORDS, after=WORDS)
def test_a_name_put_into_a_text_is_looked_for(name, before, after):
    assert may_tell(f"{before} {name.swapcase()} {after}", [name], accounts=False)


PIECES = st.lists(
    st.sampled_from(["user.", "USER.", "u\u017fer.", "/CN=", "cn=", "OU=b,", " ", "ann", "/DC=ch"])
)


@given(texts=PIECES.map("".join), accounts=st.booleans())
def test_what_is_told_otherwise_was_looked_for(texts, accounts):
    """The same of certificate subjects and accounts."""
    told = without_subjects(texts) == texts and not (accounts and ACCOUNT.search(texts))
    assert may_tell(texts, [], accounts) or told


NAMED = st.sampled_from(
    [Person(), Person("Bob Producer", "/DC=x/CN=Bob Producer"), Person("p", "p"), JUERGEN]
)
SAID = st.sampled_from(
    ["", None, "nothing", "by Bob Producer", "CN=Eve,DC=y", "user.bob.data", "Jürgen Müller's", "p", "P p"]
)
OF_ONE = st.tuples(NAMED, SAID, SAID, st.integers(0, 5))


@given(st.lists(OF_ONE, max_size=12), st.sampled_from([OPEN, PSEUDONYMS, NONE]))
def test_what_is_told_together_is_what_is_told_one_by_one(found, privacy):
    people = [person for person, *_ in found]
    rows = [
        {"pandaid": number, "jobname": text, "diagmessage": more, "produsername": one.name or None,
         "produserid": one.subject or None}
        for one, text, more, number in found
    ]  # fmt: skip
    names = ("pandaid", "jobname", "diagmessage", "produsername", "produserid")
    values = by_column(names, [tuple(row.values()) for row in rows])
    told = [*records(privacy.together(values, people))]
    assert told == [privacy.row(row) for row in rows]


@pytest.mark.parametrize("privacy", [OPEN, PSEUDONYMS, NONE])
@pytest.mark.parametrize(("name", "subject"), [("username", "dn"), ("user", "email")])
def test_whatever_a_person_and_a_value_are_called(privacy, name, subject):
    told = ("by Bob Producer", b"Bob Producer", 7, None, ["Bob Producer"], True)
    names = (name, subject, "jobname", *(f"more{place}" for place in range(len(told))))
    rows = [("Bob Producer", "/DC=x/CN=Bob Producer", "a", *told), (None, None, "CN=Eve,DC=y", *told)]
    expected = [privacy.row(dict(zip(names, row, strict=True))) for row in rows]
    people = [Person("Bob Producer", "/DC=x/CN=Bob Producer"), Person()]
    assert [*records(privacy.together(by_column(names, rows), people))] == expected


def test_nobody_is_left_out_where_there_are_too_few_people():
    with pytest.raises(ValueError, match="shorter"):
        OPEN.together(by_column(("jobname",), [("a",), ("b",)]), [Person()])


@HIDING
def test_records_without_texts_are_told_together(privacy):
    values = by_column(("pandaid", "produsername"), [(1, "Bob Producer"), (2, None)])
    told = privacy.together(values, [Person("Bob Producer"), Person()])
    assert [*told["produsername"]] == [privacy.name("Bob Producer"), None]
