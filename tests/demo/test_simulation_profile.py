"""Profiles: what is wrong in one is told all at once."""

import pytest

from bigpandamon_core.demo.simulation.profile import ProfileMistakes, load, shipped


def changed(tmp_path, *changes: tuple[str, str]):
    from importlib.resources import files

    text = (files("bigpandamon_core.demo.profiles") / "default.toml").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "mine.toml"
    path.write_text(text)
    return str(path)


def test_every_shipped_profile_is_whole():
    assert "default" in shipped()
    for name in shipped():
        assert sum(work.share for work in load(name).work) == pytest.approx(1)


def test_a_profile_by_path(tmp_path):
    assert load(changed(tmp_path, ('vo = "demo"', 'vo = "mine"'))).vo == "mine"


def test_all_mistakes_at_once(tmp_path):
    path = changed(
        tmp_path,
        ("title =", "titel ="),
        ("count = 64", 'count = "many"'),
        ("weight = 9.0", "weight = true"),
        ("absent = []", 'absent = "files"'),
    )
    with pytest.raises(ProfileMistakes) as caught:
        load(str(path))
    told = "\n".join(caught.value.mistakes)
    for part in ("titel is not known; did you mean title?", "title is missing", "people.count wants int",
                 "sites[0].weight wants float", "absent wants a list"):  # fmt: skip
        assert part in told


def test_contradictions(tmp_path):
    path = changed(
        tmp_path,
        ('effect = "stuck"', 'effect = "loud"'),
        ('sites = ["Heath"]', 'sites = ["Nowhere"]'),
        ('queues = ["test"]', 'queues = ["tset"]'),
        ('resource = "MCORE_HIMEM"', 'resource = "QUANTUM"'),
    )
    with pytest.raises(ProfileMistakes) as caught:
        load(str(path))
    assert len(caught.value.mistakes) == 4


def test_neither_name_nor_file():
    with pytest.raises(ProfileMistakes, match="neither a file nor one of the profiles default"):
        load("nonsense")


def test_not_toml(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("= 1")
    with pytest.raises(ProfileMistakes, match="not TOML"):
        load(str(path))


def test_other_bytes_than_text(tmp_path):
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\x89PNG\xff")
    with pytest.raises(ProfileMistakes, match="not readable as text in UTF-8"):
        load(str(path))


def test_a_larger_world_has_more_sites_and_people():
    profile = load("default")
    larger = profile.enlarged(3)
    assert len(larger.sites) == 3 * len(profile.sites)
    assert len({site.name for site in larger.sites}) == len(larger.sites)
    assert larger.people.count == 3 * profile.people.count


def test_names_are_made_of_what_is_known(tmp_path):
    evgen = 'name = "evgen"'
    names = {
        "taskname": ("{owner}.{count}", "{owner}", "{count}.{nobody}", "{count"),
        "filename": ("{row:02d}_{column}_{number}", "{row}", "{number}.{name}", "{number:d}{"),
    }
    for key, (right, *wrong) in names.items():
        load(changed(tmp_path, (evgen, f'{evgen}\n{key} = "{right}"')))
        for name in wrong:
            with pytest.raises(ProfileMistakes, match=f"work evgen: {key} is made of"):
                load(changed(tmp_path, (evgen, f'{evgen}\n{key} = "{name}"')))
