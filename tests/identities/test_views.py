from parloir.identities.views import neighbours, person_view, weak_bridges

PAIRS = [("a", "b", 0.9), ("b", "c", 0.8), ("c", "d", 0.95), ("x", "y", 0.4)]


def test_a_view_never_chains():
    linked = neighbours(PAIRS)
    assert [one.key for one in person_view("a", linked)] == ["b"]
    assert person_view("a", linked)[0].bridge == ("c",)
    assert person_view("x", linked) == ()


def test_weak_bridges_are_flagged_and_triangles_are_not():
    assert weak_bridges(neighbours(PAIRS)) == (("b", "c"),)
    triangle = [*PAIRS, ("a", "c", 0.7), ("b", "d", 0.7)]
    assert weak_bridges(neighbours(triangle)) == ()
