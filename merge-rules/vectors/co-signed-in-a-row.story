A co-signer that needs co-signers itself signs once it has them.
---
safety enrols 10 as third needs 1 rival lane safety
safety enrols 12 as fourth needs 1 third
root gives region: pad 0-12 of first as right
region gives fourth: pad 0-6 of right as part
fourth claims pad 1-3 of part as job
third cosigns fourth as one
rival-safety cosigns third as first-one
may job at 2
---
third: firm [GRANT-1]: third is granted from the charter
fourth: firm [GRANT-1]: fourth is granted from the charter
right: firm [LEASE-5]: right is given through a proven chain from the charter
part: firm [LEASE-5]: part is given through a proven chain from the charter
job/0: firm [LEASE-5]: job is given through a proven chain from the charter; covered to 3
one: firm [RULE-2]: one is said by one who is granted to say it
first-one: firm [RULE-2]: first-one is said by one who is granted to say it
pad is taken 1-3 by job/0
may job at 2? go until 2:59:58, on news of 1:56:02 before
