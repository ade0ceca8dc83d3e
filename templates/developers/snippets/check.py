# pip install requests
import os

import requests

answer = requests.post(
    "{{ gate_url }}/v1/check",
    headers={"Authorization": f"Bearer {os.environ['VHR_KEY']}"},
    json={"registry_id": "{{ allowed_id }}", "platform": "{{ steps.platform }}", "activity": "live"},
    timeout=5,
)
answer.raise_for_status()
said = answer.json()
print(said["decision"], [reason["code"] for reason in said["reasons"]])
