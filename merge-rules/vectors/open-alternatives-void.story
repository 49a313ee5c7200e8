A claim with an open footprint has one alternative.
---
node claims track 1-3 ; track 4-6 alternatives 0 1 as job
---
job/0: void [OPEN-2]: job is void: a claim of an open resource has one alternative
job/1: void [OPEN-2]: job is void: a claim of an open resource has one alternative
exception: void [OPEN-2]: job is void: a claim of an open resource has one alternative
