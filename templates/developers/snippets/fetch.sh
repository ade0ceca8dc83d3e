curl -sS -O {{ site }}{% url 'developers:verify_offline' %}
curl -sS -o certificate.jwt {{ site }}{% url 'sandbox:certificate' allowed_id %}
curl -sS -o jwks.json {{ site }}{% url 'sandbox:jwks' %}
curl -sS -o list.jwt {{ site }}{% url 'sandbox:statuslist' %}
