curl -sS {{ gate_url }}/v1/check \
  -H "Authorization: Bearer $VHR_KEY" \
  -H "Content-Type: application/json" \
  -d '{"registry_id": "{{ allowed_id }}", "platform": "{{ steps.platform }}", "activity": "live"}'
