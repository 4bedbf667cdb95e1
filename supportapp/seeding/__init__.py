"""Synthetic populations: the same random seed and day give the same data. Nobody in them is real."""

from supportapp.seeding.demo import DEMO_ACCOUNTS, DemoAccount, make_demo
from supportapp.seeding.population import SeedReport, seed_population

__all__ = ["DEMO_ACCOUNTS", "DemoAccount", "SeedReport", "make_demo", "seed_population"]
