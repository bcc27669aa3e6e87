"""Who may sign in, for how long, and what their groups let them do."""

from bigpandamon_core.config.options.option import Option
from bigpandamon_core.config.rules import PROXY, between, matching
from bigpandamon_core.domain.accounts import GROUP, GROUP_EXPECTED

GROUPS = matching(GROUP, GROUP_EXPECTED)

OPTIONS = (
    Option(
        "accounts.enabled",
        bool,
        True,
        "Whether accounts can sign in and send tokens. Without, everybody is anonymous.",
    ),
    Option(
        "accounts.session_hours",
        int,
        12,
        "How long one stays signed in.",
        "hours",
        rule=between(1, 24 * 90),
    ),
    Option(
        "accounts.token_days",
        int,
        365,
        "How long a new token is good at most.",
        "days",
        rule=between(1, 3650),
    ),
    Option(
        "accounts.failed_sign_ins",
        int,
        10,
        "So many failed sign-ins to one account within 15 minutes; the next ones are refused unseen.",
        rule=between(1, 10_000),
    ),
    Option(
        "accounts.failed_sign_ins_per_address",
        int,
        30,
        "The same for one client's address (of IPv6 its /64 network).",
        rule=between(1, 10_000),
    ),
    Option(
        "accounts.proxies",
        list[str],
        ("127.0.0.1", "::1"),
        "Addresses or networks of reverse proxies that put the client's address into X-Forwarded-For and "
        "http or https into X-Forwarded-Proto, as the files in etc/nginx do; of others these headers are "
        "ignored. Whoever connects by a Unix socket is taken for one.",
        rule=PROXY,
    ),
    Option(
        "accounts.secure_cookies",
        bool,
        False,
        "Whether browsers send the cookie of a sign-in over https only. That is so without this wherever a "
        "sign-in came by https and the proxy says it (X-Forwarded-Proto).",
    ),
    Option(
        "accounts.site_roles",
        dict[str, list[str]],
        {},
        'By site or queue the groups that administer it, e.g. { QUEUE_ONE = ["operators-one"] }.',
        rule=GROUPS,
    ),
    Option(
        "accounts.region_roles",
        dict[str, list[str]],
        {},
        'By region the groups that administer its sites, e.g. { NORTH = ["operators-north"] }.',
        rule=GROUPS,
    ),
    Option(
        "accounts.roles.personal",
        list[str],
        (),
        "Groups that see personal data: user names whatever privacy.anonymous says.",
        rule=GROUPS,
    ),
    Option(
        "accounts.roles.operate", list[str], (), "Groups that may operate, and what is personal.", rule=GROUPS
    ),
    Option(
        "accounts.roles.administer",
        list[str],
        (),
        "Groups that may administer everything, operate, and what is personal.",
        rule=GROUPS,
    ),
)
