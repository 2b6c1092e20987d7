import numpy as np

from parloir.weights.mixture import UNSEEN, Expectation, Observations, fit, responsibilities, start

RANDOM = np.random.default_rng(1)
TRUE = np.array([[0.8, 0.15, 0.05], [0.1, 0.2, 0.7]])


def draw(shares: list[float], n: int, kinds: int = 5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    groups = np.arange(n) % len(shares)
    label = (RANDOM.random(n) >= np.array(shares)[groups]).astype(int)
    codes = np.stack(
        [(RANDOM.random(n)[:, None] > np.cumsum(TRUE, axis=1)[label]).sum(axis=1) for _ in range(kinds)],
        axis=1,
    )
    return codes.astype(np.int64), groups, label


def observed(codes: np.ndarray, groups: np.ndarray, most: float = 1.0) -> Observations:
    n, bound = len(codes), np.ones((int(groups.max()) + 1, 2))
    bound[:, 0] = most
    everything = np.ones(codes.shape, dtype=bool)
    return Observations(codes, groups, np.ones((n, 2), dtype=bool), everything, np.ones(n), bound)


def expectation(kinds: int = 5) -> Expectation:
    guess = np.array([[0.5, 0.3, 0.2], [0.2, 0.3, 0.5]]) * 10
    return Expectation(tuple((guess,) for _ in range(kinds)), np.array([0.5, 0.5]))


def test_tables_and_each_groups_shares_are_recovered():
    codes, groups, label = draw([0.1, 0.3, 0.6], 12_000)
    seen = observed(codes, groups)
    fitted = fit(start(expectation(), 3), seen, np.ones(2))
    assert np.abs(fitted.tables[0] - TRUE).max() < 0.03
    assert np.abs(fitted.shares[:, 0] - [0.1, 0.3, 0.6]).max() < 0.03
    belongs, _ = responsibilities(fitted, seen)
    assert ((belongs[:, 0] > 0.5) == (label == 0)).mean() > 0.95


def test_known_rows_stay_in_their_class_and_unseen_levels_say_nothing():
    codes, groups, _ = draw([0.3], 500)
    codes[:10] = UNSEEN
    seen = observed(codes, groups)
    seen.allowed[10:20] = [True, False]
    fitted = fit(start(expectation(), 1), seen, np.ones(2))
    belongs, _ = responsibilities(fitted, seen)
    assert np.allclose(belongs[10:20, 0], 1.0)
    assert np.allclose(belongs[:10], fitted.shares[0])


def test_a_bound_on_a_share_holds():
    codes, groups, _ = draw([0.5, 0.5], 2_000)
    fitted = fit(start(expectation(), 2), observed(codes, groups, most=0.05), np.ones(2))
    assert (fitted.shares[:, 0] <= 0.05 + 1e-12).all()
    assert np.allclose(fitted.shares.sum(axis=1), 1.0)


def test_a_class_without_trust_keeps_the_table_it_was_given():
    codes, groups, _ = draw([0.3], 2_000)
    given = start(expectation(), 1)
    fitted = fit(given, observed(codes, groups), np.array([0.0, 1.0]))
    assert np.allclose(fitted.tables[0][0], given.tables[0][0])
    assert not np.allclose(fitted.tables[0][1], given.tables[0][1], atol=0.05)


def test_rows_with_mass_count_like_so_many_rows():
    codes, groups, _ = draw([0.3], 600)
    once = observed(codes, groups)
    twice = observed(np.concatenate([codes, codes]), np.concatenate([groups, groups]))
    heavy = once.some(np.arange(600), np.full(600, 2.0))
    fitted = [
        fit(start(expectation(), 1), one, np.ones(2), steps=20, tolerance=-1.0) for one in (twice, heavy)
    ]
    assert np.allclose(fitted[0].tables[0], fitted[1].tables[0])


def test_a_joint_table_of_few_rows_leans_on_independent_parts():
    part = np.array([[8.0, 2.0], [2.0, 8.0]])
    joint = Expectation(((part, part),), np.array([0.5, 0.5]))
    table = start(joint, 1).tables[0]
    assert np.allclose(table[0], [0.64, 0.16, 0.16, 0.04])
