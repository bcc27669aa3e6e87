"""What the texts of schedulers and logs must not tell: places of files, addresses, secrets, and owners."""

import re

from bigpandamon_core.plugin import Call

MOST_SIGNS = 1_000
NAME_NOT_SHOWN = "(name not shown)"
BY_USER = re.compile(r"by user [^\s)]+")
ADDRESS = re.compile(r"<[^<>\s]*:\d+[^<>]*>")
"""As HTCondor writes where a daemon listens, `<10.0.0.33:9618?addrs=…>`."""
_KINDS = {
    "secret": r"""
        \b[\w-]*(?:token|passw|passphrase|secret|credential|signature|api_?key)[\w-]*\s*=\s*[^\s;,&)]+
        | \b(?:password|passphrase)\s*:\s*\S+ | \bbearer\s+[\w.~+/=-]{8,} | \beyJ[\w-]{4,}(?:\.[\w-]*)*
        | (?<![\w+/=-])(?=[+/=-]*\w*\d|[+/=-]*[A-Za-z]+[\w+/=-]*\d)[\w+=-](?:[\w+=-]|(?<!/)/(?!/)){39,}""",
    "address": r"""<[^<>\s]*:\d+[^<>]*> | (?<![\w.+-])(?!slot\d)[\w.+-]+@[\w-]+(?:\.[\w-]+)+
        | (?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.]*\w)""",
    "url": r"(?P<scheme>\b[a-z][a-z0-9+.-]*)://(?:[^\s/@'\"<>]*@)?(?P<at>[^\s/?#'\"<>()]*)[^\s'\"<>]*",
    "path": r"""
        (?<=['"])(?:~[\w.-]*|\.{1,2})?/[^'"]*\w[^'"]*(?=['"])
        | (?<![\w/])(?:~[\w.-]*|\.{1,2})?/[^\s'"<>|,;:()\]]*\w[^\s'"<>|,;:()\]]*
        | \b[A-Za-z]:\\[^\s'"<>|,;]+ | \\\\[^\s'"<>|,;]+""",
}  # fmt: skip
_HIDDEN = re.compile(
    "|".join(f"(?P<{kind}>{_KINDS[kind]})" for kind in ("url", "secret", "address", "path")),
    re.IGNORECASE | re.VERBOSE,
)


def cleaned(text: str) -> str:
    """A text with `(path)`, `(address)` and `(secret)` in the place of such; of a URL its host stays."""
    return _HIDDEN.sub(_mark, text)


def _mark(found: "re.Match[str]") -> str:
    if found["url"]:
        return f"{found['scheme']}://{found['at']}/(path)"
    return next(f"({kind})" for kind in ("secret", "address", "path") if found[kind])


def said(text: str, owner: str, call: Call) -> str:
    """What schedulers and logs say, as all may read it: such texts name people, `(by user …)`, and what is
    on their disks. Who may see personal data reads them as they are with the whole ClassAd."""
    text = cleaned(call.privacy.text(text[:MOST_SIGNS]))
    if not call.privacy.hides_names:
        return text
    told = str(call.privacy.name(owner)) or NAME_NOT_SHOWN
    for name in sorted({owner, owner.partition("@")[0]} - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _: told, text)
    return BY_USER.sub("by a user", text)
