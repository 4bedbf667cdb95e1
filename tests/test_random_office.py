"""A hundredth of ``benchmarks/random_office``: eight people act at once and nothing contradicts itself."""

from supportapp.database import Database
from tests.benchmarks.random_office import disorder


def test_a_thousand_random_steps_by_eight_people_at_once_contradict_nothing(database: Database) -> None:
    office, found, seconds = disorder(database, rounds=1000, writers=8, seed=7)

    print(f"{sum(office.done.values())} done, {sum(office.refused.values())} refused in {seconds:.0f} s")
    assert found == []
    assert len(office.done) == 10
