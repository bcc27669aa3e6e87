"""Tables with rows come from one release to the next."""

APP = "bigpandamon_lsst"
REPORT = {
    "lfn": "a_file",
    "component": "pilot",
    "code": 1305,
    "error_type": "",
    "log_url": "",
    "pipetask": "",
}


def reports(apps):
    return apps.get_model(APP, "Reported").objects


def test_of_what_was_reported_twice_the_last_stays(at_release):
    old = reports(at_release(APP, "0001_lists_and_index"))
    told = ((1, "first"), (1, "second"), (2, "only"), (1, "third"))
    try:
        for task, diagnostic in told:
            old.create(jeditaskid=task, diagnostic=diagnostic, **REPORT)
        new = reports(at_release(APP, "0002_found_and_told_once"))
        assert dict(new.values_list("jeditaskid", "diagnostic")) == {1: "third", 2: "only"}
        assert new.count() == 2
    finally:
        reports(at_release(APP, "0002_found_and_told_once")).all().delete()
