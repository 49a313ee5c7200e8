A fork below a co-signature takes it away, and gives nothing back that was denied.
---
safety enrols 10 as third needs 1 rival
root gives region: pad 0-12 of first as right
region gives third: pad 0-6 of right as part
third claims pad 1-3 of part as job
rival-safety cosigns third as one
rival-safety beside 0 cosigns third
---
third: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
right: firm [LEASE-5]: right is given through a proven chain from the charter
part: firm [LEASE-5]: part is given through a proven chain from the charter
job/0: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
one: nothing is known of it
pad is taken 1-3 by job/0
exception: log rival-safety was forked in slot 1
