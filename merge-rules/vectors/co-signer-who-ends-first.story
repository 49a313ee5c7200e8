Whoever is named as a co-signer lasts as long as the enrolment [RULE-5].
---
safety enrols 10 as short until 10 lane safety
safety enrols 12 as third needs 1 short
third claims track 1-2 as job
---
short: firm [GRANT-1]: short is granted from the charter
third: void [RULE-5]: third is void: it outlives what it cites
job/0: void [RULE-5]: third is void: it outlives what it cites
exception: void [RULE-5]: third is void: it outlives what it cites
exception: job rests on what is void [RULE-5]: third is void: it outlives what it cites
