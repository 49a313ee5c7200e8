Where a co-signature is cut, the enrolment counts no longer; what was taken stays taken [COSIGN-2].
---
safety enrols 10 as third needs 1 rival
root gives region: pad 0-12 of first as right
region gives third: pad 0-6 of right as part
third claims pad 1-3 of part as job
rival-safety cosigns third as one
region revokes rival as cut
may job at 2
free pad 1-3 at 2
---
third: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
right: firm [LEASE-5]: right is given through a proven chain from the charter
part: firm [LEASE-5]: part is given through a proven chain from the charter
job/0: unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
one: revoked [DENY-2]: one stands above slot 0 of log rival-safety, where revocation cut cuts it
pad is taken 1-3 by job/0
may job at 2? hold, unknown [COSIGN-2]: third rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
is pad free 1-3? no, job
