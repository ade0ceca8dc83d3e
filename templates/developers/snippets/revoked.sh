curl -sS -o revoked.jwt {{ site }}{% url 'sandbox:certificate' revoked_id %}
python verify_offline.py revoked.jwt jwks.json list.jwt {{ issuer }}
