"""`bigpandamon token`."""

import re

import pytest

pytestmark = pytest.mark.slow

KEY = re.compile(r"bpm_([0-9a-f]{12})_[A-Za-z0-9_-]{43}\n")
WISH = ("--account", "ada", "--label", "nightly report", "--scope", "personal")


@pytest.fixture
def instance(bigpandamon, file):
    """One on which there are ada, who sees personal data, and eve."""
    file.write_text('[paths]\nstate = "state"\n[accounts.roles]\npersonal = ["watchers"]\n')
    for words in (
        ("migrate",),
        ("account", "create", "ada", "--no-password", "--group", "watchers"),
        ("account", "create", "eve", "--no-password"),
    ):
        assert bigpandamon(*words).returncode == 0
    return bigpandamon


def cells(done):
    assert done.returncode == 0
    return [re.split(r" {2,}", line) for line in done.stdout.splitlines()][1:]


def test_made_listed_and_revoked(instance, folder):
    made = instance("token", "create", *WISH, "--days", "30")
    assert made.returncode == 0
    (key,) = KEY.finditer(made.stdout)
    assert key[0] == made.stdout
    assert made.stderr.startswith(f"Token {key[1]} of ada, good until ")
    assert key[0].strip() not in made.stderr
    ((public, account, label, scope, *_, used, state),) = cells(instance("token", "list"))
    assert (public, account, label, scope, used, state) == (
        key[1], "ada", "nightly report", "personal", "-", "good"
    )  # fmt: skip
    assert cells(instance("token", "list", "--account", "eve")) == []
    assert instance("token", "revoke", key[1]).returncode == 0
    assert cells(instance("token", "list", "--account", "ada"))[0][-1] == "revoked"
    told = [one[3:5] for one in cells(instance("account", "audit"))]
    assert told[-2:] == [["token-created", key[1]], ["token-revoked", key[1]]]
    stored = b"".join(one.read_bytes() for one in (folder / "state").glob("bigpandamon.sqlite3*"))
    assert key[1].encode() in stored
    assert key[0].strip().encode() not in stored
    assert key[0].strip()[-43:].encode() not in stored


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("create", *WISH, "--days", "366"), "A token is good for 1 to 365 days."),
        (("create", *WISH, "--scope", "operate"), "A token of ada cannot carry operate, personal."),
        (("create", *WISH, "--account", "eve"), "A token of eve cannot carry personal."),
        (("create", *WISH, "--account", "nobody"), "There is no account nobody."),
        (("create", *WISH, "--label", " "), "A token needs a label"),
        (("list", "--account", "nobody"), "There is no account nobody."),
        (("revoke", "0123456789ab"), "There is no token 0123456789ab."),
    ],
)
def test_what_cannot_be_is_told(instance, words, told):
    done = instance("token", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)


@pytest.mark.parametrize(
    "words", [("create",), ("create", *WISH, "--scope", "all"), ("create", *WISH, "--days", "0"), ("revoke",)]
)
def test_wrong_use(bigpandamon, words):
    assert bigpandamon("token", *words).returncode == 2
