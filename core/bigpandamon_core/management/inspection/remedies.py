"""What to do about trouble where what was seen says no more than what does not work."""

from bigpandamon_core.management.inspection import ANYWAY, Finding, cache, own, panda, schedule

BY_SUBJECT = {
    own.SUBJECT: "see that its server runs and this host may reach it; compare user, password and place in "
    "database.url",
    panda.SUBJECT: "see that its server runs and this host may reach it; compare user, password and place in "
    "panda.url",
    cache.SUBJECT: "compare cache.kind, cache.servers and cache.folder; "
    "memcached starts with `systemctl enable --now memcached`; until then answers are right and slower",
    schedule.SUBJECT: "see what the log of `bigpandamon schedule` says, then try the task: "
    "`bigpandamon schedule run NAME`",
}


def remedy(finding: Finding) -> str:
    """In plain words; "" for what is well."""
    if finding.level == "ok":
        return ""
    return finding.remedy or BY_SUBJECT.get(finding.subject, ANYWAY)
