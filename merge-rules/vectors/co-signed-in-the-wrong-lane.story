A co-signature in a productivity log counts for nothing.
---
safety enrols 10 as third needs 1 rival
third claims track 1-2 as job
rival cosigns third as one
---
third: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
job/0: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
one: firm [RULE-2]: one is said by one who is granted to say it
track is taken 1-2 by job/0
