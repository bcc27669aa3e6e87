"""How accounts and groups are called, and which rights there are beside reading."""

import re

ACCOUNT = r"[a-z0-9][a-z0-9._@-]{0,63}"
ACCOUNT_EXPECTED = "1 to 64 of a-z, 0-9, '.', '_', '@' and '-', a letter or digit first"
GROUP = r"[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,99}"
GROUP_EXPECTED = "names of groups: letters, digits and ._:/@+-, a letter or digit first, at most 100"
LONGEST_LABEL = 100
LONGEST_NAME = 200
_ACCOUNT, _GROUP = re.compile(ACCOUNT), re.compile(GROUP)


def is_account(name: str) -> bool:
    """Whether an account can be called so: databases that ignore case or accents find no other one by it."""
    return _ACCOUNT.fullmatch(name) is not None


def is_group(name: str) -> bool:
    return _GROUP.fullmatch(name) is not None
