"""How long this room keeps what. Each is the shortest time that its purpose leaves (PIPL art. 19; Facial Recognition
Measures art. 8), and then it goes (PIPL art. 47). docs/privacy.md says the same in words.
"""

from datetime import timedelta

DISPUTE = timedelta(days=30)  # pictures, after the decision: within it a person may ask for another look
ABANDONED = timedelta(days=30)  # what was begun and never sent, after the applicant last touched it
# Cases and identities, after the decision and after the end: as long as the records of the processing and of the impact
# assessment (PIPL art. 56; Facial Recognition Measures art. 9) and those of live commerce (Order 117). Three years,
# however the leap day falls.
RECORDS = timedelta(days=3 * 365 + 1)
