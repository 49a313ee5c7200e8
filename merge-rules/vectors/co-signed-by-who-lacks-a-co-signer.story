A co-signature counts for nothing while its author lacks a co-signer itself.
---
safety enrols 10 as third needs 1 rival lane safety
safety enrols 12 as fourth needs 1 third
root gives region: pad 0-12 of first as right
region gives fourth: pad 0-6 of right as part
fourth claims pad 1-3 of part as job
third cosigns fourth as one
may job at 2
---
third: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
fourth: unknown [COSIGN-2]: fourth rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
right: firm [LEASE-5]: right is given through a proven chain from the charter
part: firm [LEASE-5]: part is given through a proven chain from the charter
job/0: unknown [COSIGN-2]: fourth rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
one: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
pad is taken 1-3 by job/0
may job at 2? hold, unknown [COSIGN-2]: fourth rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
