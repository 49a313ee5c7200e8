One of two co-signers is not enough.
---
safety enrols 10 as third needs 2 region rival
root gives third: pad 0-6 of first as right
third claims pad 1-3 of right as job
rival-safety cosigns third as two
rival-safety cosigns third as again
may job at 2
free pad 1-3 at 2
---
third: unknown [COSIGN-2]: third rests on 2 of the co-signers that its enrolment names, of whom 1 have signed
right: firm [LEASE-5]: right is given through a proven chain from the charter
job/0: unknown [COSIGN-2]: third rests on 2 of the co-signers that its enrolment names, of whom 1 have signed
two: firm [RULE-2]: two is said by one who is granted to say it
again: firm [RULE-2]: again is said by one who is granted to say it
pad is taken 1-3 by job/0
may job at 2? hold, unknown [COSIGN-2]: third rests on 2 of the co-signers that its enrolment names, of whom 1 have signed
is pad free 1-3? no, job
