"""Users as PanDA has them."""

from django.db import models

from bigpandamon_core.panda.fields import PandaTime


class Users(models.Model):
    """What a user may use, and has used within 1, 7 and 30 days: seconds of CPU time against hours.

    a: analysis, p: production. Certificate subjects and addresses are never read.
    """

    id = models.IntegerField(primary_key=True)
    name = models.CharField(max_length=60)
    cpua1 = models.BigIntegerField(null=True)
    cpua7 = models.BigIntegerField(null=True)
    cpua30 = models.BigIntegerField(null=True)
    cpup1 = models.BigIntegerField(null=True)
    cpup7 = models.BigIntegerField(null=True)
    cpup30 = models.BigIntegerField(null=True)
    quotaa1 = models.BigIntegerField(null=True)
    quotaa7 = models.BigIntegerField(null=True)
    quotaa30 = models.BigIntegerField(null=True)
    quotap1 = models.BigIntegerField(null=True)
    quotap7 = models.BigIntegerField(null=True)
    quotap30 = models.BigIntegerField(null=True)
    latestjob = PandaTime()
    status = models.CharField(max_length=20, null=True)
    vo = models.CharField(max_length=20, null=True)

    class Meta:
        managed = False
        db_table = "meta.users"
