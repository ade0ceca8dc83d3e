from django.db import migrations

from portal.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("gate", "0001_initial"), ("audit", "0002_append_only")]
    operations = [append_only("gate_decision")]
