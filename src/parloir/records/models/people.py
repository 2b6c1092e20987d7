"""Who acts, and in which case."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person. On the command line they are made by name, without a password that could open anything."""

    organisation = models.CharField(max_length=200, blank=True)


class Role(models.TextChoices):
    """What a member may do in a case; each role may do what the one below it may."""

    LEADER = "leader", "leader: adds members and authorities, erases"
    INVESTIGATOR = "investigator", "investigator: takes evidence in, weighs, judges, exports"
    READER = "reader", "reader: looks"

    @property
    def rank(self) -> int:
        """Higher may do more."""
        return (Role.READER, Role.INVESTIGATOR, Role.LEADER).index(self)


class Membership(models.Model):
    """A person's role in a case."""

    case = models.ForeignKey("records.Case", on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = (models.UniqueConstraint("case", "user", name="one_role_a_case"),)
