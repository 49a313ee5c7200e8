One of three is enough where one is asked for, and a co-signature of whom the enrolment does not name adds nothing.
---
safety enrols 10 as third needs 1 node rival
safety enrols 12 as fourth needs 1 node
root gives region: pad 0-12 of first as right
region gives third: pad 0-6 of right as part
region gives fourth: pad 6-12 of right as rest
third claims pad 1-3 of part as job
fourth claims pad 7-9 of rest as more
rival-safety cosigns third as one
rival-safety cosigns fourth as other
may job at 2
may more at 8
---
third: firm [GRANT-1]: third is granted from the charter
fourth: unknown [COSIGN-2]: fourth rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
right: firm [LEASE-5]: right is given through a proven chain from the charter
part: firm [LEASE-5]: part is given through a proven chain from the charter
rest: firm [LEASE-5]: rest is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
more/0: unknown [COSIGN-2]: fourth rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
one: firm [RULE-2]: one is said by one who is granted to say it
other: firm [RULE-2]: other is said by one who is granted to say it
pad is taken 1-3 by job/0
pad is taken 7-9 by more/0
may job at 2? go until 2:59:58, on news of 1:56:02 before
may more at 8? hold, unknown [COSIGN-2]: fourth rests on 1 of the co-signers that its enrolment names, of whom 0 have signed
