python verify_offline.py certificate.jwt jwks.json list.jwt {{ issuer }}
